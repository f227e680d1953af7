using System.Text.Json.Serialization;
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
        app.MapPost("/rebuild", RebuildAsync);
        app.MapOrder("/pause", now => new SyncPaused(now));
        app.MapOrder("/resume", now => new SyncResumed(now));
    }

    private static async Task<Ok<StatusReport>> ReportAsync(
        SyncLog log, LeaderLock leaderLock, SchedulerOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var (state, _) = await log.ReadAsync(cancellation);
        var hasLeader = await leaderLock.IsHeldAsync(cancellation);
        return TypedResults.Ok(StatusReport.Of(state, options, clock.GetUtcNow(), hasLeader));
    }

    /// <param name="undo">Back to the view before the last rebuild.</param>
    /// <param name="asOf">The view as it was then, in a table of its own.</param>
    private static async Task<Results<Accepted, ProblemHttpResult>> RebuildAsync(
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
        return TypedResults.Accepted((string?)null);
    }

    private static ProblemHttpResult Refused(int status, string why) => TypedResults.Problem(why, statusCode: status);

    private static void MapOrder(this WebApplication app, string path, Func<DateTimeOffset, object> order) =>
        app.MapPost(path, async (SyncLog log, TimeProvider clock, CancellationToken cancellation) =>
        {
            await log.RecordAsync([order(clock.GetUtcNow())], cancellation);
            return TypedResults.Accepted((string?)null);
        });
}
