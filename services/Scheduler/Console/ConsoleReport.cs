using LeadSync.Scheduler.Console.BulkReads;
using LeadSync.Scheduler.Console.Latency;
using LeadSync.Scheduler.Status;
using Npgsql;

namespace LeadSync.Scheduler.Console;

/// <summary>What the console shows of the sync as a whole.</summary>
/// <param name="At">The scheduler's clock when this was read, for a page whose own clock may differ.</param>
internal sealed record ConsoleReport(
    DateTimeOffset At, StatusSentence Sentence, StatusReport Status, LastChange? LastChange, RunProgress? Progress);

/// <summary>Reads the report from what all replicas share.</summary>
internal sealed class ConsoleReports(StatusReader status, ChangeLatency latency, NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<ConsoleReport> ReadAsync(CancellationToken ct)
    {
        var report = await status.ReadAsync(ct);
        var lastChange = await latency.LastAsync(ct);
        var progress = report.Run is { } run ? RunProgress.Of(run, await PageProgress.ReadAsync(database, run.Id, ct)) : null;
        var now = clock.GetUtcNow();
        return new(now, StatusSentence.Of(report, lastChange?.ModifiedTime, progress?.RowsDone, now), report, lastChange, progress);
    }
}
