using System.Text.Json;
using System.Text.Unicode;
using LeadSync.Scheduler.Console;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Leads;

/// <summary>Explains the value of one field, also of a lead with many thousands of events: only this field of each event leaves the
/// database.</summary>
internal sealed class FieldHistory(NpgsqlDataSource database, ConsoleOptions options)
{
    // PostgreSQL takes a few microseconds to read an event, and one connection uses one core.
    private const int EventsPerConnection = 1_000;
    private const int MostConnections = 4;

    private const string Modified = "Modified_Time";

    /// <param name="field">Zoho's API name or the column's name, without regard to case.</param>
    /// <returns>Null when there is no such lead or no such field.</returns>
    public Task<FieldAnswer?> Explain(string id, string field, CancellationToken ct) => PublishedTables.ReadIfExists(async () =>
    {
        var (apiName, version) = await Find(id, field, ct);
        if (apiName is null || version is null || FieldOrigin.Of(await Values(id, apiName, version.Value, ct)) is not { } origin)
            return null;

        var setBy = origin.SetBy is { } by ? await Event(id, by, ct) : null;
        return new FieldAnswer(id, apiName, origin.Value, origin.Before, origin.Changes, setBy);
    });

    private async Task<(string? ApiName, long? Version)> Find(string id, string field, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            select (select api_name from (select api_name from projector.synced_fields union all select '{Modified}') name
                    where lower(api_name) = lower($2) order by api_name <> $2 limit 1),
                   (select max(version) from projector.lead_history where stream = 'lead-' || $1)
            """).With(id, field);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetValue(0) as string, row.GetValue(1) as long?);
    }

    private async Task<IEnumerable<FieldValueSeen>> Values(string id, string apiName, long version, CancellationToken ct)
    {
        var parts = Math.Clamp((version + EventsPerConnection - 1) / EventsPerConnection, 1, MostConnections);
        var length = (version + parts - 1) / parts;
        var ranges = Enumerable.Range(0, (int)parts).Select(part => Values(id, apiName, part * length, (part + 1) * length, ct));
        return (await Task.WhenAll(ranges)).SelectMany(range => range);
    }

    private async Task<List<FieldValueSeen>> Values(string id, string apiName, long after, long last, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select * from projector.field_values($1, $2, $3, $4)")
            .With(id, apiName, after, last);
        await using var row = await command.ExecuteReaderAsync(ct);
        var values = new List<FieldValueSeen>();
        while (await row.ReadAsync(ct))
        {
            var modifiedTime = row.GetString(1);
            values.Add(new FieldValueSeen(row.GetInt64(0), Instant(modifiedTime), Instant(row.GetString(2)),
                apiName == Modified ? modifiedTime : row.GetValue(3) as string));
        }

        return values;
    }

    private async Task<FieldAnswer.Event> Event(string id, long version, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select source, modified_time, observed_at, recorded_at, trace_id from projector.lead_history "
                + "where stream = 'lead-' || $1 and version = $2").With(id, version);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var traceId = row.GetValue(4) as string;
        return new FieldAnswer.Event(version, row.GetString(0), row.Time(1), row.Time(2), row.Time(3), traceId, options.TraceUrl(traceId));
    }

    // The text is a JSON time. With twenty thousand of them, DateTimeOffset.Parse would take a third of the answer's time.
    private static DateTimeOffset Instant(string text)
    {
        Span<byte> json = stackalloc byte[64];
        Utf8.TryWrite(json, $"\"{text}\"", out var length);
        var reader = new Utf8JsonReader(json[..length]);
        reader.Read();
        return reader.GetDateTimeOffset();
    }
}
