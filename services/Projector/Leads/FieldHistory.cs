using LeadSync.Contracts;
using Npgsql;

namespace LeadSync.Projector.Leads;

/// <summary>Explains the value of one field, also of a lead with many thousands of events: of each only the field leaves the database.</summary>
internal sealed class FieldHistory(NpgsqlDataSource database)
{
    // To unpack an event takes PostgreSQL a few microseconds, and one connection uses one core.
    private const int EventsPerConnection = 1_000;
    private const int MostConnections = 4;

    private const string Modified = "Modified_Time";

    /// <param name="field">Zoho's API name or the column's name, without regard to case.</param>
    /// <returns>Null when there is no such lead or no such field.</returns>
    public async Task<FieldAnswer?> Explain(string id, string field, CancellationToken ct)
    {
        var (apiName, version) = await Find(id, field, ct);
        if (apiName is null || version is null || FieldOrigin.Of(await Values(id, apiName, version.Value, ct)) is not { } origin)
            return null;

        var setBy = origin.SetBy is { } by ? await Event(id, by, ct) : null;
        return new FieldAnswer(id, apiName, origin.Value, origin.Before, origin.Changes, setBy);
    }

    private async Task<(string? ApiName, long? Version)> Find(string id, string field, CancellationToken ct)
    {
        await using var command = Command(
            $"""
            select (select api_name from projector.columns where lower(api_name) = lower($2)
                    union all select '{Modified}' where lower($2) = lower('{Modified}') limit 1),
                   (select version from projector.mt_streams where id = $1)
            """,
            LeadStream.Of(id), field);
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
        // As a record, so that each event is unpacked once and not once per member.
        await using var command = Command(
            $"""
            select e.version, seen."ModifiedTime"::timestamptz, seen."ObservedAt"::timestamptz,
                   case $2 when '{Modified}' then seen."ModifiedTime" else seen."Fields" ->> $2 end
            from projector.mt_events e, jsonb_to_record(e.data) as seen ("ModifiedTime" text, "ObservedAt" text, "Fields" jsonb)
            where e.stream_id = $1 and e.version > $3 and e.version <= $4 and e.type = 'lead_seen'
            order by e.version
            """,
            LeadStream.Of(id), apiName, after, last);
        await using var row = await command.ExecuteReaderAsync(ct);
        var values = new List<FieldValueSeen>();
        while (await row.ReadAsync(ct))
            values.Add(new FieldValueSeen(row.GetInt64(0), row.GetDateTime(1), row.GetDateTime(2), row.GetValue(3) as string));
        return values;
    }

    private async Task<FieldAnswer.Event> Event(string id, long version, CancellationToken ct)
    {
        await using var command = Command(
            """
            select data ->> 'Source', (data ->> 'ModifiedTime')::timestamptz, (data ->> 'ObservedAt')::timestamptz, timestamp, correlation_id
            from projector.mt_events where stream_id = $1 and version = $2
            """,
            LeadStream.Of(id), version);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new FieldAnswer.Event(
            version, Enum.Parse<Source>(row.GetString(0)), row.GetDateTime(1), row.GetDateTime(2),
            row.GetDateTime(3), row.GetValue(4) as string);
    }

    private NpgsqlCommand Command(string sql, params object[] parameters)
    {
        var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return command;
    }
}
