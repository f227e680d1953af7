using System.Text.Json;
using LeadSync.Scheduler.Planning;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Recording;

/// <summary>Stores the folded state now and then, so that a scheduler need not fold the events of years at its start.</summary>
/// <remarks>Only the same build can use it: another one may fold the same events to another state. So each build has its own, and the
/// migration to a new version writes the first.</remarks>
internal sealed partial class Snapshots(NpgsqlDataSource database, ILogger<Snapshots> logger)
{
    private const int EventsApart = 1000;
    private static readonly Guid Build = typeof(Snapshots).Assembly.ManifestModule.ModuleVersionId;

    private long kept;

    /// <returns>Null when there is none that this build wrote.</returns>
    public async Task<Memory?> Load(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select version, last_event, state::text from scheduler.snapshots where build = $1").With(Build);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct) || Read(row.GetString(2)) is not { } state)
            return null;

        kept = row.GetInt64(0);
        return new Memory(state, kept, row.GetGuid(1));
    }

    /// <summary>Stores the state when enough events were recorded since the last time, and nothing large is running.</summary>
    public async Task Keep(Memory memory, CancellationToken ct)
    {
        if (memory.Version < kept)
            kept = 0;
        if (memory.State is { Run: null, CatchUps.Current: null })
            await Store(memory, ct);
    }

    /// <summary>Stores the state when enough events were recorded since the last time.</summary>
    public async Task Store(Memory memory, CancellationToken ct)
    {
        if (memory.Version - kept < EventsApart)
            return;

        await using var command = database.CreateCommand("""
            with forgotten as (delete from scheduler.snapshots where build <> $1 and kept_at < now() - interval '30 days')
            insert into scheduler.snapshots (build, version, last_event, state, kept_at) values ($1, $2, $3, $4::jsonb, now())
            on conflict (build) do update set version = excluded.version, last_event = excluded.last_event, state = excluded.state,
                kept_at = excluded.kept_at
            """).With(Build, memory.Version, memory.LastEvent, Write(memory.State));
        // After a failure the next start takes a little longer. The next thousand events are another chance.
        kept = memory.Version;
        try
        {
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException e)
        {
            LogNotKept(e.MessageText);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The scheduler could not store a snapshot of the sync's state: {Why}")]
    private partial void LogNotKept(string why);

    public static string Write(SyncState state) => JsonSerializer.Serialize(state);

    /// <returns>Null when it cannot be read.</returns>
    public static SyncState? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<SyncState>(json);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
