using LeadSync.Scheduler.Actions;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults.Access;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Health;
using LeadSync.ServiceDefaults.Shutdown;

namespace LeadSync.Scheduler.Parking;

internal static class ParkedEndpoints
{
    private const int MostPerPage = 1000;

    public static void AddParked(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Parked>();
        builder.Services.AddSingleton<ParkedMessages>();
        builder.Services.AddSingleton<Replay>();
        builder.Services.AddSingleton<Handled>();
    }

    /// <summary>Serves the parked items, and the actions that replay or drop them.</summary>
    public static void MapParked(this WebApplication app)
    {
        app.MapGet("/parked", async (Parked parked, long? before, int? limit, CancellationToken ct) =>
        {
            var most = Math.Clamp(limit ?? 100, 1, MostPerPage);
            var items = await parked.List(before, most, ct);
            var (groups, all) = await parked.Groups(ct);
            return TypedResults.Ok(new ParkedPage(
                items, items.Count < most ? null : items[^1].Id, (await parked.Count(ct)).Values.Sum(), groups, all));
        }).WithReadTimeout();
        app.MapPost("/parked/{id:long}/replay", async (
            HttpContext http, long id, string? reason, Replay replay, Handled handled, CancellationToken ct) =>
            await replay.One(id, Author.Of(http, reason), ct) switch
            {
                true => await handled.Note(http, $"Parked item {id} was replayed.", reason, ct),
                false => Results.Text(
                    "Its queue does not exist: start the service that reads it, or drop it.", statusCode: StatusCodes.Status409Conflict),
                null => NotParked(id),
            }).NeedsBroker();
        app.MapPost("/parked/{id:long}/drop", async (
            HttpContext http, long id, string? reason, Parked parked, Handled handled, CancellationToken ct) =>
            await parked.Drop(id, group: null, ct) == 1 ? await handled.Note(http, $"Parked item {id} was dropped.", reason, ct)
                : NotParked(id));
        // A replay of thousands of items takes longer than a caller waits.
        app.MapPost("/parked/replay", async (HttpContext http, string? group, string? reason, Replay replay, Handled handled,
            IHostApplicationLifetime life, CancellationToken ct) =>
        {
            var author = Author.Of(http, reason);
            await handled.Note(author, $"The replay of {All(group)} has begun.", ct);
            _ = ReplayMany(group, author, replay, handled, life.ApplicationStopping);
            return Results.Accepted();
        }).NeedsBroker();
        app.MapPost("/parked/drop", async (HttpContext http, string? group, string? reason, Parked parked, Handled handled,
            CancellationToken ct) =>
        {
            var dropped = await parked.Drop(id: null, group, ct);
            return await handled.Note(http, $"An operator dropped {All(group)}: {dropped}.", reason, ct);
        });
    }

    private static async Task ReplayMany(string? group, Author author, Replay replay, Handled handled, CancellationToken ct)
    {
        try
        {
            var replayed = await replay.All(group, author, ct);
            await handled.Note(author, $"The replay of {All(group)} has ended: {replayed} replayed.", ct);
        }
        catch (Exception e) when (!e.IsRequestedEnd(ct))
        {
            await handled.NoteFailure(
                author, $"The replay of {All(group)} failed: {OutageSentence.Of(e) ?? e.GetBaseException().Message}", ct);
        }
    }

    private static string All(string? group) => group is null ? "all parked items" : $"the items that were parked because \"{group}\"";

    private static IResult NotParked(long id) => Results.Text($"Nothing is parked under {id}.", statusCode: StatusCodes.Status404NotFound);
}

/// <summary>Records in the log of the sync who carried out an action that the plan knows nothing of, and why.</summary>
internal sealed partial class Handled(SyncLog log, TimeProvider clock, ILogger<Handled> logger)
{
    public async Task<IResult> Note(HttpContext http, string what, string? reason, CancellationToken ct)
    {
        await Note(Author.Of(http, reason), what, ct);
        return Results.Accepted();
    }

    public Task Note(Author author, string what, CancellationToken ct) =>
        log.Record([new ParkedHandled(what, clock.GetUtcNow(), author.By, author.Reason)], ct);

    /// <summary>The same for an action whose caller no longer waits, also where the database cannot be written.</summary>
    public async Task NoteFailure(Author author, string what, CancellationToken ct)
    {
        LogFailure(what);
        try
        {
            await Note(author, what, ct);
        }
        catch (Exception e) when (!e.IsRequestedEnd(ct))
        {
            LogFailure(e.GetBaseException().Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "An action failed: {Why}")]
    private partial void LogFailure(string why);
}

/// <summary>Who started an action, and why.</summary>
internal sealed record Author(string By, string? Reason)
{
    public static Author Of(HttpContext http, string? reason) => new(Caller.Of(http).Name, ActionEndpoints.Short(reason));
}

/// <param name="Next">The parameter <c>before</c> of the next page; null when there is none.</param>
/// <param name="Total">The number of parked items.</param>
/// <param name="Groups">The number of items for each of the most frequent reasons, the most frequent first.</param>
/// <param name="GroupCount">The number of all reasons.</param>
internal sealed record ParkedPage(
    IReadOnlyList<ParkedEntry> Items, long? Next, long Total, IReadOnlyList<ParkedGroup> Groups, long GroupCount);

internal sealed record ParkedGroup(string Reason, long Count);
