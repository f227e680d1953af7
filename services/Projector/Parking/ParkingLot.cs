using LeadSync.Contracts;
using Npgsql;

namespace LeadSync.Projector.Parking;

/// <summary>Something that could not be applied: kept with its reason where it can be seen, while everything else goes on.</summary>
/// <param name="Origin">Where it came from, for instance a bulk read's job; with <paramref name="Line"/> and <paramref name="LeadId"/> it is parked once.</param>
/// <param name="Line">1-based line of the file, if it came from one.</param>
/// <param name="Reason">One sentence without lead data.</param>
/// <param name="Content">What could not be applied, as it came.</param>
internal sealed record ParkedItem(Source Source, string Origin, long? Line, string? LeadId, string Reason, string Content);

/// <summary>Keeps parked items in <c>projector.parked</c>.</summary>
internal sealed class ParkingLot(NpgsqlDataSource database)
{
    public async Task Park(IReadOnlyList<ParkedItem> items, CancellationToken ct)
    {
        if (items.Count == 0)
            return;

        await using var command = database.CreateCommand("""
            insert into projector.parked (source, origin, line, lead_id, reason, content)
            select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[])
            on conflict (origin, line, lead_id) do update set reason = excluded.reason, content = excluded.content
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = items.Select(item => item.Source.ToString()).ToArray() },
            new() { Value = items.Select(item => item.Origin).ToArray() },
            new() { Value = items.Select(item => item.Line).ToArray() },
            new() { Value = items.Select(item => item.LeadId).ToArray() },
            new() { Value = items.Select(item => item.Reason).ToArray() },
            new() { Value = items.Select(item => item.Content.Replace('\0', '\uFFFD')).ToArray() },
        });
        await command.ExecuteNonQueryAsync(ct);
    }
}
