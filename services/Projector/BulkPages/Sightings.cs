using LeadSync.Contracts;
using Npgsql;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Remembers in <c>projector.sightings</c> that the leads of a page were alive when it was made, although nothing is written for those that had not
/// changed; and which of its leads could not be applied, of which it proves nothing but that Zoho has them.
/// </summary>
internal sealed class Sightings(NpgsqlDataSource database, Module module)
{
    // The two latest runs are enough: what was seen earlier is older than anything that can still come in late.
    private readonly string remember = $"""
        with latest as (
            select run_id from {module.Schema}.sightings where run_id <> $1 group by run_id order by max(observed_at) desc limit 1
        ),
        forgotten as (
            delete from {module.Schema}.sightings where run_id <> $1 and run_id not in (select run_id from latest)
        )
        insert into {module.Schema}.sightings (run_id, page, observed_at, ids, parked) values ($1, $2, $3, $4, $5)
        on conflict (run_id, page) do update set observed_at = excluded.observed_at, ids = excluded.ids, parked = excluded.parked
        """;

    public async Task Remember(BulkPageReady page, IReadOnlySet<string> applied, IReadOnlyCollection<string> parked, CancellationToken ct)
    {
        await using var command = database.CreateCommand(remember);
        command.Parameters.Add(new() { Value = page.RunId });
        command.Parameters.Add(new() { Value = page.Page });
        command.Parameters.Add(new() { Value = page.CreatedTime.UtcDateTime });
        command.Parameters.Add(new() { Value = parked.Count == 0 ? applied.ToArray() : applied.Except(parked).ToArray() });
        command.Parameters.Add(new() { Value = parked.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }
}
