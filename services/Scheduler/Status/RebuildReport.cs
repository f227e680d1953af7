using System.Text.Json.Serialization;
using LeadSync.Scheduler.Planning;

namespace LeadSync.Scheduler.Status;

/// <summary>The running rebuild of the view, or the last one.</summary>
/// <param name="Outcome">How the rebuild ended; null while it runs.</param>
/// <param name="Phase">For people: <c>ordered</c> first, then the projector's phase in words, and <c>done</c> or <c>failed</c> at the
/// end.</param>
/// <param name="RowsDone">The number of leads that were folded.</param>
/// <param name="RowsTotal">The number of leads to fold; null until they are counted.</param>
/// <param name="SecondsLeft">The time until all leads are folded, at the rate so far.</param>
/// <param name="Differences">The number of leads that differ from the view before; <c>projector.rebuild_differences</c> lists them. Null
/// until the rebuild is done.</param>
/// <param name="Table">The table that holds the result.</param>
/// <param name="SwappedAt">The database's clock: when readers began to see the result.</param>
/// <param name="Trouble">Why the rebuild failed; null when it did not.</param>
/// <param name="Retype">The field for which a column is added first; null for a rebuild alone.</param>
internal sealed record RebuildReport(
    Guid Id,
    Outcome? Outcome,
    string Phase,
    bool Undo,
    DateTimeOffset? AsOf,
    DateTimeOffset OrderedAt,
    long RowsDone,
    long? RowsTotal,
    double? RowsPerSecond,
    double? SecondsLeft,
    long? Differences,
    string? Table,
    DateTimeOffset? SwappedAt,
    string? Trouble,
    string? Retype)
{
    [JsonIgnore]
    public bool IsRunning => Outcome is null;

    public static RebuildReport Of(Rebuild rebuild)
    {
        var (progress, result) = (rebuild.Progress, rebuild.Result);
        return new(
            rebuild.Id,
            rebuild.Outcome,
            rebuild.Outcome switch
            {
                Planning.Outcome.Completed => "done",
                Planning.Outcome.Failed => "failed",
                _ => progress?.Phase ?? "ordered",
            },
            rebuild.Undo,
            rebuild.AsOf,
            rebuild.OrderedAt,
            progress?.RowsDone ?? 0,
            progress?.RowsTotal,
            progress?.RowsPerSecond,
            rebuild.IsRunning && progress is { RowsPerSecond: > 0 }
                ? Math.Round((progress.RowsTotal - progress.RowsDone) / progress.RowsPerSecond, 1) : null,
            result?.Differences,
            result?.Table,
            result?.SwappedAt,
            rebuild.Failure,
            rebuild.Retype);
    }
}
