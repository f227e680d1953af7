using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Remembers in <c>projector.sightings</c> which leads of a page were alive when Zoho made it: unchanged leads are written nowhere else.
/// Also remembers the leads that were parked: the page proves that Zoho has them, and nothing more.
/// </summary>
internal sealed class Sightings(NpgsqlDataSource database, Module module)
{
    // The two latest runs are enough: no observation can arrive so late that it is older.
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

    public Task Remember(BulkPageReady page, IReadOnlySet<string> applied, IReadOnlyCollection<string> parked, CancellationToken ct) =>
        database.Execute(remember, ct, page.RunId, page.Page, page.CreatedTime.UtcDateTime,
            parked.Count == 0 ? applied.ToArray() : applied.Except(parked).ToArray(), parked.ToArray());
}
