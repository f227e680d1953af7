using LeadSync.Scheduler.Actions;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults.Access;
using LeadSync.ServiceDefaults.Health;

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
            await replay.One(id, ct) switch
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
        // A replay of many items continues when the caller has disconnected.
        app.MapPost("/parked/replay", async (HttpContext http, string? group, string? reason, Replay replay, Handled handled,
            IHostApplicationLifetime life) =>
        {
            await replay.All(group, life.ApplicationStopping);
            return await handled.Note(http, $"{All(group)} were replayed.", reason, life.ApplicationStopping);
        }).NeedsBroker();
        app.MapPost("/parked/drop", async (HttpContext http, string? group, string? reason, Parked parked, Handled handled,
            CancellationToken ct) =>
        {
            var dropped = await parked.Drop(id: null, group, ct);
            return await handled.Note(http, $"{All(group)} were dropped: {dropped}.", reason, ct);
        });
    }

    private static string All(string? group) => group is null ? "All parked items" : $"The items that were parked because \"{group}\"";

    private static IResult NotParked(long id) => Results.Text($"Nothing is parked under {id}.", statusCode: StatusCodes.Status404NotFound);
}

/// <summary>Records in the log of the sync who carried out an action that the plan knows nothing of, and why.</summary>
internal sealed class Handled(SyncLog log, TimeProvider clock)
{
    public async Task<IResult> Note(HttpContext http, string what, string? reason, CancellationToken ct)
    {
        await log.Record([new ParkedHandled(what, clock.GetUtcNow(), Caller.Of(http).Name, ActionEndpoints.Short(reason))], ct);
        return Results.Accepted();
    }
}

/// <param name="Next">The parameter <c>before</c> of the next page; null when there is none.</param>
/// <param name="Total">The number of parked items.</param>
/// <param name="Groups">The number of items for each of the most frequent reasons, the most frequent first.</param>
/// <param name="GroupCount">The number of all reasons.</param>
internal sealed record ParkedPage(
    IReadOnlyList<ParkedEntry> Items, long? Next, long Total, IReadOnlyList<ParkedGroup> Groups, long GroupCount);

internal sealed record ParkedGroup(string Reason, long Count);
