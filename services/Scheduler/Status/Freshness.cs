using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>Records in <c>scheduler.behind</c> how far the view was behind Zoho, the worst known value for each ten seconds.</summary>
internal sealed class Freshness(NpgsqlDataSource database)
{
    private static readonly TimeSpan BucketLength = TimeSpan.FromSeconds(10);

    private DateTimeOffset bucket;
    private double worst;

    /// <summary>How far the view is behind Zoho, in seconds; null when that is unknown. While gateways receive, no change waits and no gap
    /// is open, the view is not behind, however long nothing has changed.</summary>
    public static double? SecondsBehind(StatusReport report) => report switch
    {
        { LastGoodSync: null } => null,
        { Channel: { IsOpen: false } or { IsSilent: true } } or { Gaps.Open.Count: > 0 } or { CatchUp.Failures: > 0 } =>
            SecondsSinceGoodSync(report),
        _ when IsDeaf(report) => SecondsSinceGoodSync(report),
        { Waiting: null } => null,
        { Waiting.Oldest: { } oldest } => Math.Max((report.At - oldest).TotalSeconds, 0),
        _ => 0,
    };

    // While no gateway hears Zoho, a change reaches no queue. The gateway announces the gap only when it hears Zoho again.
    private static bool IsDeaf(StatusReport report) =>
        report.Broker is not null
        || report.Services.Any(service => service is { Service: "gateway", Replicas: 0 })
        || report.Reasons.Any(reason => reason.Kind is ReasonKind.NotReceiving or ReasonKind.ZohoUnheard);

    private static double SecondsSinceGoodSync(StatusReport report) =>
        Math.Max((report.At - report.LastGoodSync!.Value).TotalSeconds, 0);

    /// <summary>Stores the value, unless a worse one is stored for the same ten seconds.</summary>
    public async Task Note(StatusReport report, CancellationToken ct)
    {
        if (SecondsBehind(report) is not { } seconds)
            return;

        var now = new DateTimeOffset(report.At.UtcTicks / BucketLength.Ticks * BucketLength.Ticks, TimeSpan.Zero);
        if (now == bucket && seconds <= worst)
            return;

        await database.Execute("""
            with forgotten as (delete from scheduler.behind where bucket < $1 - interval '25 hours')
            insert into scheduler.behind (bucket, seconds) values ($1, $2) 
            on conflict (bucket) do update set seconds = greatest(behind.seconds, excluded.seconds)
            """, ct, now, seconds);
        (bucket, worst) = (now, seconds);
    }
}
