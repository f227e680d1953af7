using System.Text.Json.Serialization;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;

namespace LeadSync.Scheduler.Status;

internal static class StatusEndpoints
{
    public static void AddStatus(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SyncStatusTable>();
        builder.Services.AddSingleton<SyncStatus>();
        builder.Services.AddSingleton<StatusReader>();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase)));
    }

    /// <summary>How the sync is doing, and the orders that an operator can give: each is recorded, and the plan obeys it.</summary>
    public static void MapStatus(this WebApplication app)
    {
        app.MapGet("/status", async (StatusReader status, CancellationToken ct) => TypedResults.Ok(await status.ReadAsync(ct)));
        app.MapOrder("/catch-up", now => new CatchUpOrdered(now));
        app.MapOrder("/full-comparison", now => new FullComparisonOrdered(now));
        app.MapHeldComparison("/full-comparison/release", (run, now) => new HeldComparisonReleased(run, now));
        app.MapHeldComparison("/full-comparison/drop", (run, now) => new HeldComparisonDropped(run, now));
        app.MapPost("/rebuild", RebuildAsync);
        app.MapOrder("/pause", now => new SyncPaused(now));
        app.MapOrder("/resume", now => new SyncResumed(now));
    }

    private static void MapHeldComparison(this WebApplication app, string path, Func<Guid, DateTimeOffset, object> order) =>
        app.MapPost(path, async (SyncLog log, TimeProvider clock, CancellationToken cancellation) =>
        {
            if ((await log.ReadAsync(cancellation)).State.HeldComparison is not { } held)
                return Results.Text("No comparison is held back.", statusCode: StatusCodes.Status409Conflict);

            await log.RecordAsync([order(held.RunId, clock.GetUtcNow())], cancellation);
            return Results.Accepted();
        });

    /// <param name="undo">Back to the view before the last rebuild.</param>
    /// <param name="asOf">The view as it was then, in a table of its own.</param>
    private static async Task<IResult> RebuildAsync(
        bool? undo, DateTimeOffset? asOf, SyncLog log, TimeProvider clock, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (undo is true && asOf is not null)
            return Refused(StatusCodes.Status400BadRequest, "Either undo the last rebuild, or build the view as it was: not both at once.");
        if (asOf > now)
            return Refused(StatusCodes.Status400BadRequest, "asOf is in the future: name a moment that has passed.");
        if ((await log.ReadAsync(cancellation)).State.Rebuild is { IsRunning: true } running)
            return Refused(StatusCodes.Status409Conflict, $"A rebuild has been running since {running.OrderedAt:u}: GET /status shows how far it is.");

        await log.RecordAsync([new RebuildOrdered(undo is true, asOf?.ToUniversalTime(), now)], cancellation);
        return Results.Accepted();
    }

    private static IResult Refused(int status, string why) => Results.Text(why, statusCode: status);

    private static void MapOrder(this WebApplication app, string path, Func<DateTimeOffset, object> order) =>
        app.MapPost(path, async (SyncLog log, TimeProvider clock, CancellationToken cancellation) =>
        {
            await log.RecordAsync([order(clock.GetUtcNow())], cancellation);
            return TypedResults.Accepted((string?)null);
        });
}
