using Npgsql;

namespace LeadSync.LocalStack.Chaos.Verdict;

/// <summary>What the event store and the tables beside it say, read with plain SQL.</summary>
internal static class EventStore
{
    public const string Appended = "select count(*) from projector.mt_events";

    /// <summary>An event that says of its lead what the one before it said already.</summary>
    public const string AppliedTwice = """
        select count(*) from (
            select type, data, lag(type) over lead as earlier_type, lag(data) over lead as earlier
            from projector.mt_events
            window lead as (partition by stream_id order by version)) e
        where type = earlier_type and case type
            when 'lead_seen' then data -> 'ModifiedTime' = earlier -> 'ModifiedTime' and data -> 'Fields' = earlier -> 'Fields'
            else data -> 'DeletedAt' = earlier -> 'DeletedAt' end
        """;

    /// <summary>Rows of the view that no event speaks of.</summary>
    public const string RowsNobodyWrote = """
        select count(*) from legacy.leads l
        where not exists (select from projector.mt_events e where e.stream_id = 'lead-' || l.id and e.type = 'lead_seen')
        """;

    private const string Parked = "select format('%s parked %s from %s, %s times: %s', service, kind, origin, times, reason) from parking.parked";

    /// <summary>What no service could process, a line each.</summary>
    public static async Task<IReadOnlyList<string>> ParkedAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Parked);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<string> parked = [];
        while (await reader.ReadAsync(cancellationToken))
            parked.Add(reader.GetString(0));
        return parked;
    }

    public static async Task<long> CountAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
