using System.Threading.Channels;
using JasperFx.Events;
using LeadSync.Scheduler.Planning;
using Marten;

namespace LeadSync.Scheduler.Recording;

/// <summary>The stream of everything that happened to the sync: Marten's in the service, a model in the simulation.</summary>
internal interface ISyncLog
{
    /// <summary>Records decisions, unless anything was recorded after the version that they were made from.</summary>
    /// <returns>False when there was, and nothing is recorded.</returns>
    Task<bool> TryRecordAsync(IReadOnlyCollection<object> decisions, long madeFrom, CancellationToken cancellation);

    /// <summary>Records facts, whatever else is being recorded.</summary>
    Task RecordAsync(IReadOnlyCollection<object> facts, CancellationToken cancellation);
}

/// <summary>The stream in Marten, and the state that it folds to.</summary>
internal sealed class SyncLog(IDocumentStore store, TimeProvider clock) : ISyncLog, IDisposable
{
    private const string Stream = "sync";
    private const int Block = 5000;

    private readonly SemaphoreSlim reading = new(1);
    private readonly Channel<bool> recorded = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
    });

    private SyncState state = SyncState.Empty;
    private long version;

    /// <summary>The state as of now, and the version of the stream that it is the fold of.</summary>
    public async Task<(SyncState State, long Version)> ReadAsync(CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            await using var session = store.QuerySession();
            IReadOnlyList<IEvent> block;
            do
            {
                block = await session.Events.FetchStreamAsync(
                    Stream, version: version + Block, fromVersion: version + 1, token: cancellation);
                state = block.Aggregate(state, (before, @event) => SyncState.Apply(before, @event.Data));
                version = block.Count == 0 ? version : block[^1].Version;
            }
            while (block.Count == Block);

            return (state, version);
        }
        finally
        {
            reading.Release();
        }
    }

    public Task<bool> TryRecordAsync(IReadOnlyCollection<object> decisions, long madeFrom, CancellationToken cancellation) =>
        TryAppendAsync(session => session.Events.Append(Stream, madeFrom + decisions.Count, decisions), cancellation);

    public async Task RecordAsync(IReadOnlyCollection<object> facts, CancellationToken cancellation)
    {
        while (!await TryAppendAsync(session => session.Events.Append(Stream, facts), cancellation))
        {
            // Somebody else was faster; one of those who collide always gets through.
        }
    }

    /// <summary>Waits until something was recorded by this process, or for <paramref name="most"/>.</summary>
    public async Task WaitAsync(TimeSpan most, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(recorded.Reader.WaitToReadAsync(waiting.Token).AsTask(), Task.Delay(most, clock, waiting.Token));
        await waiting.CancelAsync();
        recorded.Reader.TryRead(out _);
        cancellation.ThrowIfCancellationRequested();
    }

    public void Dispose() => reading.Dispose();

    private async Task<bool> TryAppendAsync(Action<IDocumentSession> append, CancellationToken cancellation)
    {
        try
        {
            await using var session = store.LightweightSession();
            append(session);
            await session.SaveChangesAsync(cancellation);
            recorded.Writer.TryWrite(true);
            return true;
        }
        catch (EventStreamUnexpectedMaxEventIdException)
        {
            return false;
        }
    }
}
