using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Console.Latency;

/// <summary>Reads what the projectors publish in <c>projector.change_latency</c>.</summary>
internal sealed class ChangeLatency(NpgsqlDataSource database, TimeProvider clock)
{
    private const int MostPoints = 120;

    /// <summary>The last stretch of time, in at most 120 steps.</summary>
    public async Task<LatencyPlot> Plot(TimeSpan length, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var command = database.CreateCommand("""
            select bucket, changes, received, published, folded, total from projector.change_latency where bucket >= $1 order by bucket
            """).With(now - length);
        var buckets = await PublishedTables.ReadIfExists(async () =>
        {
            var read = new List<LatencyBucket>();
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                read.Add(new(
                    row.Time(0), row.GetInt32(1), [row.Counts(2), row.Counts(3), row.Counts(4), row.Counts(5)]));
            }

            return read;
        });
        return LatencyPlot.Of(buckets ?? [], await Behind(now - length, ct), now - length, now, MostPoints);
    }

    private async Task<IReadOnlyList<(DateTimeOffset At, double Seconds)>> Behind(DateTimeOffset from, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select bucket, seconds from scheduler.behind where bucket >= $1 order by bucket")
            .With(from);
        var behind = new List<(DateTimeOffset, double)>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            behind.Add((row.Time(0), row.GetDouble(1)));
        return behind;
    }
}

/// <param name="Stages">Counts per bin: received, published, folded and altogether.</param>
internal sealed record LatencyBucket(DateTimeOffset At, int Changes, int[][] Stages);
