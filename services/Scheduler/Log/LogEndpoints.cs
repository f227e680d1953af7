using LeadSync.Scheduler.Recording;
using LeadSync.ServiceDefaults.Health;

namespace LeadSync.Scheduler.Log;

/// <summary>The log of the sync, for people.</summary>
internal static class LogEndpoints
{
    private const int MostPerPage = 1000;
    private const int UsualPage = 100;
    private const int Block = 500;

    // A page of the log reads at most this many blocks of events. The next page continues from there.
    private const int MostBlocks = 20;

    public static void MapLog(this WebApplication app) => app.MapGet("/log", async (
        SyncLog log, long? before, long? after, DateTimeOffset? since, int? limit, CancellationToken ct) =>
        TypedResults.Ok(await Read(log, before, after, since, Math.Clamp(limit ?? UsualPage, 1, MostPerPage), ct)))
        .WithReadTimeout();

    /// <param name="before">Only older entries: the next page.</param>
    /// <param name="after">Only entries that are newer than those that the caller has.</param>
    private static async Task<LogPage> Read(
        SyncLog log, long? before, long? after, DateTimeOffset? since, int limit, CancellationToken ct)
    {
        var entries = new List<LogEntry>();
        for (var block = 0; block < MostBlocks && entries.Count < limit; block++)
        {
            var events = await log.Latest(before, Block, ct);
            entries.AddRange(events.TakeWhile(e => !(e.Version <= after) && !(e.At < since)).Select(LogEntry.Of).OfType<LogEntry>());
            before = events.Count < Block || events[^1].Version <= (after ?? 0) || events[^1].At < since ? null : events[^1].Version;
            if (before is null)
                break;
        }

        return entries.Count > limit ? new(entries[..limit], entries[limit - 1].Number) : new(entries, before);
    }
}

/// <param name="Entries">The newest first.</param>
/// <param name="Next">The parameter <c>before</c> of the next page; null when there is none.</param>
internal sealed record LogPage(IReadOnlyList<LogEntry> Entries, long? Next);
