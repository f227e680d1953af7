using System.Collections.Concurrent;
using System.Text.Json;
using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Database;
using Marten;
using Npgsql;

namespace LeadSync.Projector.EventTables;

/// <summary>One event of a lead's stream.</summary>
internal sealed record StreamEvent(
    long Version, string Type, LeadEvent Data, DateTimeOffset Timestamp, string? CorrelationId, string? CausationId);

/// <summary>Reads a lead's stream. Marten would throw at the first event that a newer version has written: such an event is skipped and
/// counted.</summary>
internal sealed partial class LeadStream(IDocumentStore store, Module module, ILogger<LeadStream> logger)
{
    private readonly ConcurrentDictionary<string, bool> unknown = new();

    /// <summary>The fold of the stream; null for a lead that was never seen.</summary>
    /// <param name="recordedUntil">The database's clock: only events that were appended up to this moment count. Null for all
    /// events.</param>
    public async Task<Lead?> Fold(NpgsqlConnection connection, string id, DateTimeOffset? recordedUntil, CancellationToken ct)
    {
        Lead? lead = null;
        foreach (var recorded in await Read(connection, id, recordedUntil, ct))
            lead = recorded.Data.Apply(lead ?? Lead.Unknown);
        return lead;
    }

    /// <summary>Every known event of the stream, oldest first.</summary>
    /// <param name="recordedUntil">As in <see cref="Fold"/>.</param>
    public async Task<IReadOnlyList<StreamEvent>> Read(
        NpgsqlConnection connection, string id, DateTimeOffset? recordedUntil, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select version, type, data, timestamp, correlation_id, causation_id from {module.Events}
            where stream_id = $1 and timestamp <= $2 order by version
            """, connection).With(module.Stream(id), recordedUntil ?? DateTimeOffset.MaxValue);
        var events = new List<StreamEvent>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            if (Data(row) is { } data)
                events.Add(new(
                    row.GetInt64(0), row.GetString(1), data, row.GetDateTime(3), row.GetValue(4) as string, row.GetValue(5) as string));
        }

        return events;
    }

    private LeadEvent? Data(NpgsqlDataReader row)
    {
        var name = row.GetString(1);
        try
        {
            return name == module.Seen ? store.Options.Serializer().FromJson<LeadSeen>(row, 2)
                : name == module.Gone ? store.Options.Serializer().FromJson<LeadGone>(row, 2)
                : Skipped(name);
        }
        catch (JsonException)
        {
            // A newer version may have written a value that this version cannot read.
            return Skipped(name);
        }
    }

    private LeadEvent? Skipped(string type)
    {
        LeadMetrics.Skipped(type);
        if (unknown.TryAdd(type, true))
            LogUnknown(type);
        return null;
    }

    [LoggerMessage(LogLevel.Warning,
        "Leads have events of the type {Type}, which this version does not know: the projector continues without them")]
    private partial void LogUnknown(string type);
}
