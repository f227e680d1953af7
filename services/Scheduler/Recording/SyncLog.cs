using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Threading.Channels;
using JasperFx.Events;
using LeadSync.Scheduler.Planning;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Telemetry;
using Marten;
using Marten.Exceptions;
using Npgsql;

namespace LeadSync.Scheduler.Recording;

/// <summary>The stream of everything that happened to the sync: Marten's in the service, a model in the simulation. Its events have no
/// common base type (<see cref="Decision"/> says why).</summary>
internal interface ISyncLog
{
    /// <summary>Records decisions, unless another event was recorded after the version that they were made from.</summary>
    /// <returns>False when there was one; then nothing is recorded.</returns>
    Task<bool> TryRecord(IReadOnlyCollection<object> decisions, long madeFrom, CancellationToken ct);

    /// <summary>Records facts, whatever else is recorded at the same time.</summary>
    Task Record(IReadOnlyCollection<object> facts, CancellationToken ct);
}

/// <summary>The stream in Marten, and the state that it folds to.</summary>
internal sealed partial class SyncLog(IDocumentStore store, NpgsqlDataSource database, Snapshots snapshots, TimeProvider clock,
    ILogger<SyncLog> logger)
    : ISyncLog, IDisposable
{
    private const string Stream = "sync";
    private const int Block = 5000;

    private static readonly Counter<long> SkippedEvents = LeadSyncTelemetry.Meter.CreateCounter<long>(
        "leadsync.scheduler.events.skipped", "{event}", "Events of a type that this version does not know");

    private readonly SemaphoreSlim reading = new(1);
    private readonly ConcurrentDictionary<string, bool> unknown = new();
    private readonly Channel<bool> recorded = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
    });

    private SyncMemory? memory;

    /// <summary>The present state, and the version of the stream that it is the fold of.</summary>
    public async Task<(SyncState State, long Version)> Read(CancellationToken ct)
    {
        await reading.WaitAsync(ct);
        try
        {
            memory ??= new SyncMemory(From, Block, await snapshots.Load(ct) ?? Memory.Nothing);
            if (!await memory.ReadOn(ct))
            {
                LogForgotten();
                memory.Forget();
                await memory.ReadOn(ct);
            }

            await snapshots.Keep(memory.Now, ct);
            return (memory.Now.State, memory.Now.Version);
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>Folds all events before a new version begins, so that its first leader need not fold the events of years.</summary>
    public async Task Prepare(CancellationToken ct)
    {
        await Read(ct);
        await snapshots.Store(memory!.Now, ct);
    }

    /// <summary>Some of the latest events, the newest first, without those that this version does not know.</summary>
    /// <param name="before">Only events with smaller versions; null for the latest.</param>
    public async Task<IReadOnlyList<RecordedEvent>> Latest(long? before, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select version, id, type, data, timestamp from scheduler.mt_events
            where stream_id = $1 and version < $2 order by version desc limit $3
            """).With(Stream, before ?? long.MaxValue, limit);
        return await Events(command, ct);
    }

    public Task<bool> TryRecord(IReadOnlyCollection<object> decisions, long madeFrom, CancellationToken ct) =>
        TryAppend(session => session.Events.Append(Stream, madeFrom + decisions.Count, decisions), ct);

    public async Task Record(IReadOnlyCollection<object> facts, CancellationToken ct)
    {
        while (!await TryAppend(session => session.Events.Append(Stream, facts), ct))
        {
            // Optimistic concurrency: another process was faster. One of the colliding appends always succeeds.
        }
    }

    /// <summary>Waits until this process has recorded an event, or for <paramref name="most"/>.</summary>
    public async Task Wait(TimeSpan most, CancellationToken ct)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(recorded.Reader.WaitToReadAsync(waiting.Token).AsTask(), Task.Delay(most, clock, waiting.Token));
        await waiting.CancelAsync();
        recorded.Reader.TryRead(out _);
        ct.ThrowIfCancellationRequested();
    }

    public void Dispose() => reading.Dispose();

    private async Task<IReadOnlyList<RecordedEvent>> From(long version, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select version, id, type, data, timestamp from scheduler.mt_events
            where stream_id = $1 and version >= $2 order by version limit $3
            """).With(Stream, version, Block);
        return await Events(command, ct);
    }

    // Read by SQL: Marten would throw at the first event that a newer version has written.
    private async Task<IReadOnlyList<RecordedEvent>> Events(NpgsqlCommand command, CancellationToken ct)
    {
        var events = new List<RecordedEvent>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            events.Add(Event(row));
        return events;
    }

    private RecordedEvent Event(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetGuid(1),
        StoredEvents.Types.TryGetValue(row.GetString(2), out var type)
            ? Read(type, row)
            : Skipped(row.GetString(2)),
        row.Time(4));

    // A newer version may have written a value that this version does not know, such as a new kind of gap.
    private object? Read(Type type, NpgsqlDataReader row)
    {
        try
        {
            return store.Options.Serializer().FromJson(type, row, 3);
        }
        catch (JsonException)
        {
            return Skipped(row.GetString(2));
        }
    }

    private object? Skipped(string type)
    {
        SkippedEvents.Add(1, new KeyValuePair<string, object?>("type", type));
        if (unknown.TryAdd(type, true))
            LogUnknown(type);
        return null;
    }

    private async Task<bool> TryAppend(Action<IDocumentSession> append, CancellationToken ct)
    {
        try
        {
            await using var session = store.LightweightSession();
            append(session);
            await session.SaveChangesAsync(ct);
            recorded.Writer.TryWrite(true);
            return true;
        }
        catch (EventStreamUnexpectedMaxEventIdException)
        {
            return false;
        }
        catch (MartenCommandException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Two processes began the stream at the same moment.
            return false;
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The log holds events of the type {Type}, which this version does not know: the scheduler continues without them")]
    private partial void LogUnknown(string type);

    [LoggerMessage(LogLevel.Warning,
        "The database holds another log of the sync than before: it was replaced or restored. What this process remembered of the sync "
            + "is forgotten.")]
    private partial void LogForgotten();
}

/// <param name="Event">Null for an event that this version does not know: a newer version wrote it, and was rolled back.</param>
/// <param name="At">When it was recorded: the database's clock.</param>
internal sealed record RecordedEvent(long Version, Guid Id, object? Event, DateTimeOffset At);
