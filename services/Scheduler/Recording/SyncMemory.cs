using LeadSync.Scheduler.Planning;

namespace LeadSync.Scheduler.Recording;

/// <summary>The state after one of the stream's events.</summary>
internal sealed record Memory(SyncState State, long Version, Guid LastEvent)
{
    public static Memory Nothing { get; } = new(SyncState.Empty, 0, Guid.Empty);
}

/// <summary>What a scheduler remembers of the stream. It folds the events block by block and keeps each block at once: a reader that is cut
/// off, as happens to one with little patience and a year of events, has not read in vain.</summary>
/// <param name="read">Reads at most <paramref name="size"/> events from a version on, in order.</param>
internal sealed class SyncMemory(Func<long, CancellationToken, Task<IReadOnlyList<RecordedEvent>>> read, int size, Memory start)
{
    public Memory Now { get; private set; } = start;

    /// <summary>Folds the events that were recorded since.</summary>
    /// <returns>False when the stream does not hold the last known event: it is another stream, of a database that was replaced or
    /// restored.</returns>
    public async Task<bool> ReadOn(CancellationToken ct)
    {
        while (true)
        {
            var (version, last) = (Now.Version, Now.LastEvent);
            var block = await read(version, ct);
            if (version > 0 && !(block is [var first, ..] && first.Version == version && first.Id == last))
                return false;

            var news = version > 0 ? block.Skip(1) : block;
            Now = news.Aggregate(Now, (before, e) =>
                new(e.Event is null ? before.State : SyncState.Apply(before.State, e.Event), e.Version, e.Id));
            if (block.Count < size)
                return true;
        }
    }

    public void Forget() => Now = Memory.Nothing;
}
