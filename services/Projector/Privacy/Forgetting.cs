using LeadSync.Contracts;
using LeadSync.Projector.EventTables;
using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.Privacy;

/// <summary>
/// Forgets a person. Every step is idempotent: when the process ends between two steps, RabbitMQ delivers the command again. When Zoho
/// shows the lead again in between, the steps touch nothing that Zoho showed after the command.
/// </summary>
internal sealed class Forgetting(NpgsqlDataSource database, LeadFold fold, Module module)
{
    // Versions of the view that a rebuild has replaced, and views as of a moment. LeadSync no longer reads them.
    private readonly string leftovers = $"""
        select array_agg(relname::text) from pg_class
        where relnamespace = 'legacy'::regnamespace and relkind = 'r' and not relispartition
            and relname ~ '^{module.View}_(v[0-9]+|as_of_.+)$'
        """;

    public Task Forget(ForgetLead command, CancellationToken ct) => Forget(command, evenIfAlive: true, ct);

    /// <summary>Forgets a lead until Zoho shows it again, unless it lives by now.</summary>
    /// <param name="goneAt">Zoho's clock: the latest proof that Zoho no longer had the lead. Whatever Zoho shows later counts.</param>
    /// <returns>Whether the lead is forgotten.</returns>
    public Task<bool> ForgetDeleted(string id, string reason, DateTimeOffset goneAt, CancellationToken ct) =>
        Forget(new(id, reason, "LeadSync", goneAt, UntilSeenAgain: true), evenIfAlive: false, ct);

    /// <summary>
    /// Removes forgotten persons from what was written after the command to forget them: a message that waited in a queue may have been
    /// parked since, and a rebuild that ended early may have left a table.
    /// </summary>
    /// <returns>The number of parked items that were dropped.</returns>
    public async Task<int> Sweep(CancellationToken ct)
    {
        var dropped = await Drop("p.parked_at > now() - interval '1 day' and (named.is_content or not f.until_seen_again)", ct);
        foreach (var table in await Leftovers(ct))
            await database.Execute($"""
                delete from legacy.{table} where id in (
                    select id from {module.Schema}.forgotten where forgotten_at > now() - interval '1 day' and seen_again_at is null)
                """, ct);
        return dropped;
    }

    private async Task<bool> Forget(ForgetLead command, bool evenIfAlive, CancellationToken ct)
    {
        // From here on, the fold applies nothing of the lead. A second delivery changes nothing here: the lead may have come back.
        await database.Execute($"""
            insert into {module.Schema}.forgotten (id, reason, ordered_by, ordered_at, until_seen_again) values ($1, $2, $3, $4, $5)
            on conflict (id) do update set reason = excluded.reason, ordered_by = excluded.ordered_by, ordered_at = excluded.ordered_at,
                until_seen_again = excluded.until_seen_again, forgotten_at = null, seen_again_at = null, up_to_version = null
            where {module.Schema}.forgotten.ordered_at < excluded.ordered_at
            """, ct, command.Id, command.Reason, command.By, command.OrderedAt.UtcDateTime, command.UntilSeenAgain);
        await fold.Hide(command.Id, evenIfAlive, ct);
        await using var noted = database.CreateCommand($"select up_to_version from {module.Schema}.forgotten where id = $1")
            .With(command.Id);
        if (await noted.ExecuteScalarAsync(ct) is not long version)
            return false;

        await database.Execute(RecordedEvents.Mask(module), ct, module.Stream(command.Id), version);
        await Clear(command.Id, ct);
        return true;
    }

    private async Task Clear(string id, CancellationToken ct)
    {
        // A parked message may hold other leads too. A catch-up or a comparison reads those again.
        await Drop("f.id = $1", ct, id);
        await database.Execute($"delete from {module.Schema}.rebuild_differences where id = $1", ct, id);
        await database.Execute($"update {module.Schema}.held_back set ids = array_remove(ids, $1) where $1 = any(ids)", ct, id);
        foreach (var table in await Leftovers(ct))
            await database.Execute($"delete from legacy.{table} where id = $1", ct, id);
        await database.Execute($"update {module.Schema}.forgotten set forgotten_at = clock_timestamp() where id = $1", ct, id);
    }

    /// <summary>Drops parked items that name a forgotten lead, as their own or anywhere in their content as a whole number. Items stay that
    /// were parked after the lead came back.</summary>
    /// <param name="which">SQL: a condition on the item <c>p</c>, the row <c>f</c> of <c>projector.forgotten</c>, and
    /// <c>named.is_content</c>: whether the item has a content.</param>
    private async Task<int> Drop(string which, CancellationToken ct, params object[] values)
    {
        await using var command = database.CreateCommand($"""
            delete from parking.parked where id in (
                select p.id
                from parking.parked p
                cross join lateral (
                    select p.lead_id as lead, p.content is not null as is_content
                    union all
                    -- The escapes stand for bytes that are no ASCII, and for backslashes.
                    select number[1], true
                    from regexp_matches(
                        regexp_replace(encode(p.content, 'escape'), '\\(\\|[0-7][0-7][0-7])', ' ', 'g'), '[0-9]+', 'g') number) named
                join {module.Schema}.forgotten f on f.id = named.lead
                where p.parked_at < coalesce(f.seen_again_at, 'infinity') and {which})
            """).With(values);
        return await command.ExecuteNonQueryAsync(ct);
    }

    private async Task<string[]> Leftovers(CancellationToken ct)
    {
        await using var left = database.CreateCommand(leftovers);
        return await left.ExecuteScalarAsync(ct) as string[] ?? [];
    }
}
