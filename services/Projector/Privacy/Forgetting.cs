using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.Privacy;

/// <summary>
/// Forgets a person. Every step is idempotent: when the process ends between two steps, RabbitMQ delivers the command again.
/// </summary>
internal sealed class Forgetting(NpgsqlDataSource database, LeadFold fold, MaskedEvents events, Module module)
{
    // Versions of the view that a rebuild has replaced, and views as of a moment. LeadSync no longer reads them.
    private readonly string leftovers = $"""
        select array_agg(relname::text) from pg_class
        where relnamespace = 'legacy'::regnamespace and relkind = 'r' and not relispartition
            and relname ~ '^{module.View}_(v[0-9]+|as_of_.+)$'
        """;

    public async Task Forget(ForgetLead order, CancellationToken ct)
    {
        // From here on, the fold applies nothing of the lead.
        await database.Execute($"""
            insert into {module.Schema}.forgotten (id, reason, ordered_by, ordered_at, until_seen_again) values ($1, $2, $3, $4, $5)
            on conflict (id) do update set reason = excluded.reason, ordered_by = excluded.ordered_by, ordered_at = excluded.ordered_at,
                until_seen_again = excluded.until_seen_again, forgotten_at = null, seen_again_at = null
            where {module.Schema}.forgotten.ordered_at <= excluded.ordered_at
            """, ct, order.Id, order.Reason, order.By, order.OrderedAt.UtcDateTime, order.UntilSeenAgain);
        await fold.MarkDeleted(order.Id, ct);
        await events.Mask(order.Id, ct);
        await Clear(order.Id, ct);
    }

    private async Task Clear(string id, CancellationToken ct)
    {
        // A parked message may hold other leads too. A catch-up or a comparison reads those again.
        await database.Execute("delete from parking.parked where lead_id = $1 or position(convert_to($1, 'UTF8') in content) > 0", ct, id);
        await database.Execute($"delete from {module.Schema}.rebuild_differences where id = $1", ct, id);
        await database.Execute($"update {module.Schema}.held_back set ids = array_remove(ids, $1) where $1 = any(ids)", ct, id);
        await using var left = database.CreateCommand(leftovers);
        foreach (var table in await left.ExecuteScalarAsync(ct) as string[] ?? [])
            await database.Execute($"delete from legacy.{table} where id = $1", ct, id);

        // With the hash of the contents, somebody could confirm a guess.
        await database.Execute(
            $"update {module.Registers} set content_hash = $2 where id = $1 and content_hash is not null",
            ct, id, ContentHash.Of(new Dictionary<string, string?>()));
        await database.Execute($"update {module.Schema}.forgotten set forgotten_at = clock_timestamp() where id = $1", ct, id);
    }
}
