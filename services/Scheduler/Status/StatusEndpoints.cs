using System.Text.Json.Serialization;
using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSync.Scheduler.Status;

internal static class StatusEndpoints
{
    public static void AddStatus(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SyncStatusTable>();
        builder.Services.AddSingleton<SyncStatus>();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase)));
    }

    /// <summary>How the sync is doing, and the orders that an operator can give: each is recorded, and the plan obeys it.</summary>
    public static void MapStatus(this WebApplication app)
    {
        app.MapGet("/status", ReportAsync);
        app.MapOrder("/catch-up", now => new CatchUpOrdered(now));
        app.MapOrder("/full-comparison", now => new FullComparisonOrdered(now));
        app.MapOrder("/pause", now => new SyncPaused(now));
        app.MapOrder("/resume", now => new SyncResumed(now));
    }

    private static async Task<Ok<StatusReport>> ReportAsync(
        SyncLog log, LeaderLock leaderLock, Parked parked, SchedulerOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var (state, _) = await log.ReadAsync(cancellation);
        var hasLeader = await leaderLock.IsHeldAsync(cancellation);
        return TypedResults.Ok(StatusReport.Of(state, options, clock.GetUtcNow(), hasLeader, await parked.Count(cancellation)));
    }

    private static void MapOrder(this WebApplication app, string path, Func<DateTimeOffset, object> order) =>
        app.MapPost(path, async (SyncLog log, TimeProvider clock, CancellationToken cancellation) =>
        {
            await log.RecordAsync([order(clock.GetUtcNow())], cancellation);
            return TypedResults.Accepted((string?)null);
        });
}
