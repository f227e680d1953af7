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

    private static void MapOrder(this WebApplication app, string path, Func<DateTimeOffset, object> order) =>
        app.MapPost(path, async (SyncLog log, TimeProvider clock, CancellationToken cancellation) =>
        {
            await log.RecordAsync([order(clock.GetUtcNow())], cancellation);
            return TypedResults.Accepted((string?)null);
        });
}
