using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Shutdown;
using LeadSync.ServiceDefaults.Telemetry;
using Npgsql;

namespace LeadSync.Projector.Leads;

/// <summary>
/// Counts how long announced changes took in each stage, and notes the newest modified time that was applied. At most four times a second
/// this replica adds its counts to <c>projector.change_latency</c>, which holds the sum of all replicas for 25 hours.
/// </summary>
internal sealed partial class ChangeLatency(NpgsqlDataSource database, TimeProvider clock, ILogger<ChangeLatency> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim noted = new(0, 1);
    private Counts counts = new();

    /// <param name="applied">The received changes that became events.</param>
    public void Note(IReadOnlyCollection<LeadChanged> applied)
    {
        if (applied.Count == 0)
            return;

        var now = clock.GetUtcNow();
        lock (gate)
        {
            foreach (var change in applied)
                counts.Add(change, now);
            if (noted.CurrentCount == 0)
                noted.Release();
        }
    }

    public override void Dispose()
    {
        noted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await noted.WaitAsync(stoppingToken);
            try
            {
                await Write(Take(), stoppingToken);
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                // These are counts. A lost count is missing in the console's plots, and no change is lost.
                NotWritten(e.Message);
            }

            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    private Counts Take()
    {
        lock (gate)
        {
            var taken = counts;
            counts = new();
            return taken;
        }
    }

    private async Task Write(Counts taken, CancellationToken ct)
    {
        await database.Execute("""
            with forgotten as (
                delete from projector.change_latency
                where bucket < now() - interval '25 hours' and bucket < (select max(bucket) from projector.change_latency)
            )
            insert into projector.change_latency as known (bucket, changes, last_modified, last_applied, received, published, folded, total)
            values (date_bin('10 seconds', $2, '2000-01-01'), $1, $3::timestamptz, $2, $4, $5, $6, $7)
            on conflict (bucket) do update set
                changes = known.changes + excluded.changes,
                last_modified = greatest(known.last_modified, excluded.last_modified),
                last_applied = greatest(known.last_applied, excluded.last_applied),
                received = (select array_agg(a + b order by n)
                    from unnest(known.received, excluded.received) with ordinality as c(a, b, n)),
                published = (select array_agg(a + b order by n)
                    from unnest(known.published, excluded.published) with ordinality as c(a, b, n)),
                folded = (select array_agg(a + b order by n) from unnest(known.folded, excluded.folded) with ordinality as c(a, b, n)),
                total = (select array_agg(a + b order by n) from unnest(known.total, excluded.total) with ordinality as c(a, b, n))
            """, ct,  taken.Changes, taken.LastApplied, taken.LastModified, taken.Received, taken.Published, taken.Folded, taken.Total);
    }

    [LoggerMessage(LogLevel.Warning, "The projector could not record how long changes took; the console's plots lack them: {Reason}")]
    private partial void NotWritten(string reason);

    private sealed class Counts
    {
        public int Changes { get; private set; }

        public DateTimeOffset? LastModified { get; private set; }

        public DateTimeOffset LastApplied { get; private set; }

        public int[] Received { get; } = new int[DurationHistogram.Bins];

        public int[] Published { get; } = new int[DurationHistogram.Bins];

        public int[] Folded { get; } = new int[DurationHistogram.Bins];

        public int[] Total { get; } = new int[DurationHistogram.Bins];

        public void Add(LeadChanged change, DateTimeOffset now)
        {
            Changes++;
            LastApplied = now;
            if (change.Content?.ModifiedTime is not { } modified)
                return;

            LastModified = LastModified > modified ? LastModified : modified;
            if (change is not { ReceivedAt: { } received, PublishedAt: { } published })
                return;

            Received[DurationHistogram.Bin(received - modified)]++;
            Published[DurationHistogram.Bin(published - received)]++;
            Folded[DurationHistogram.Bin(now - published)]++;
            Total[DurationHistogram.Bin(now - modified)]++;
        }
    }
}
