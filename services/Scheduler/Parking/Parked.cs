using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Parking;

/// <summary>The parked items of all services, as an operator sees them. They never show a lead's content.</summary>
internal sealed class Parked(NpgsqlDataSource database)
{
    private const int MostGroups = 20;
    private const int PatienceSeconds = 4;

    private static readonly string[] Services = ["gateway", "projector", "scheduler"];

    /// <summary>The number of items of each service.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Count(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select service, count(*) from parking.parked group by service");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var counts = new SortedDictionary<string, long>(Services.ToDictionary(service => service, _ => 0L), StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts;
    }

    /// <summary>A page of items, the newest first.</summary>
    /// <param name="before">Only items with smaller ids: the last id of the page before.</param>
    public async Task<IReadOnlyList<ParkedEntry>> List(long? before, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select id, service, kind, origin, line, lead_id, reason, times, parked_at from parking.parked
            where id < coalesce($1::bigint, 9223372036854775807) order by id desc limit $2
            """).With(before, limit);
        await using var row = await command.ExecuteReaderAsync(ct);
        var entries = new List<ParkedEntry>();
        while (await row.ReadAsync(ct))
        {
            entries.Add(new ParkedEntry(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetValue(4) as long?,
                row.GetValue(5) as string, row.GetString(6), row.GetInt32(7), row.GetDateTime(8)));
        }

        return entries;
    }

    /// <summary>
    /// Deletes leads that were read and folded after they had been parked: an operator who corrects a lead in Zoho need do no more. The
    /// statement compares Zoho's time with the database's. When the clocks differ by more time than the correction took, the item stays for
    /// an operator.
    /// </summary>
    public async Task DeleteCorrected(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            delete from parking.parked parked where kind = 'lead' and exists (
                select from projector.lead_history event 
                where event.stream = 'lead-' || parked.lead_id and event.observed_at > parked.parked_at)
            """);
        command.CommandTimeout = PatienceSeconds;
        await PublishedTables.ReadIfExists(() => command.ExecuteScalarAsync(ct));
    }

    /// <summary>The number of items for each of the most frequent reasons, and the number of all reasons.</summary>
    public async Task<(IReadOnlyList<ParkedGroup> Groups, long All)> Groups(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select reason, count(*), count(*) over () from parking.parked group by reason order by count(*) desc, reason limit $1
            """).With(MostGroups);
        await using var row = await command.ExecuteReaderAsync(ct);
        var (groups, all) = (new List<ParkedGroup>(), 0L);
        while (await row.ReadAsync(ct))
        {
            groups.Add(new(row.GetString(0), row.GetInt64(1)));
            all = row.GetInt64(2);
        }

        return (groups, all);
    }

    /// <param name="group">Only items with this reason; null for any.</param>
    /// <returns>How many items were deleted.</returns>
    public async Task<int> Drop(long? id, string? group, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "delete from parking.parked where (id = $1::bigint or $1 is null) and (reason = $2::text or $2 is null)").With(id, group);
        return await command.ExecuteNonQueryAsync(ct);
    }
}

/// <param name="Service">The service that could not process it.</param>
/// <param name="Kind"><c>message</c>, <c>lead</c>, <c>row</c> or <c>value</c>.</param>
/// <param name="Origin">The queue that it came from, or the bulk read's job.</param>
/// <param name="Line">1-based line of a bulk read's file.</param>
/// <param name="Times">How often it was parked.</param>
/// <param name="ParkedAt">When it was last parked: the database's clock.</param>
internal sealed record ParkedEntry(
    long Id, string Service, string Kind, string Origin, long? Line, string? LeadId, string Reason, int Times, DateTimeOffset ParkedAt);
