using Npgsql;

namespace LeadSync.Chaos.Verdict;

/// <summary>Reads the event store and its companion tables with plain SQL.</summary>
internal static class EventStore
{
    public const string Appended = "select count(*) from projector.mt_events";

    // When a lead comes back, its event may repeat content that LeadSync saw while the lead was known as deleted.
    private const string AppliedTwice = """
        select format('%s, version %s: %s', stream_id, version, data - 'Fields') from (
            select stream_id, version, type, data, lag(type) over lead as earlier_type, lag(data) over lead as earlier
            from projector.mt_events
            window lead as (partition by stream_id order by version)) e
        where type = earlier_type and case type
            when 'lead_seen' then earlier ->> 'Absence' is null and data -> 'ModifiedTime' = earlier -> 'ModifiedTime'
                and data -> 'Fields' = earlier -> 'Fields'
            when 'lead_gone' then data -> 'DeletedAt' = earlier -> 'DeletedAt' end
        """;

    private const string Parked =
        "select format('%s parked %s from %s, %s times: %s', service, kind, origin, times, reason) from parking.parked";

    /// <summary>Rows of the view without an event.</summary>
    public const string RowsNobodyWrote = """
        select count(*) from legacy.leads l
        where not exists (select from projector.mt_events e where e.stream_id = 'lead-' || l.id and e.type = 'lead_seen')
        """;

    /// <summary>Events that repeat the event before, a line each.</summary>
    public static Task<IReadOnlyList<string>> AppliedTwiceAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        ReadAsync(database, AppliedTwice, cancellationToken);

    /// <summary>The parked items, a line each.</summary>
    public static Task<IReadOnlyList<string>> ParkedAsync(NpgsqlDataSource database, CancellationToken cancellationToken) =>
        ReadAsync(database, Parked, cancellationToken);

    public static async Task<long> CountAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> lines = [];
        while (await reader.ReadAsync(cancellationToken))
            lines.Add(reader.GetString(0));
        return lines;
    }
}
