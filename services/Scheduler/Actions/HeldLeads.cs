using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Scheduler.Actions;

/// <summary>The leads that a held-back comparison would remove, with their names, so that an operator can check before the
/// release.</summary>
internal sealed class HeldLeads(NpgsqlDataSource database)
{
    private const int Most = 200;

    public async Task<HeldAnswer> List(CancellationToken ct) => await PublishedTables.ReadIfExists(async () =>
    {
        await using var command = database.CreateCommand("""
            select held.run_id, coalesce(array_length(held.ids, 1), 0), missing.id, lead.lead ->> 'full_name', lead.lead ->> 'last_name',
                lead.lead ->> 'company', lead.lead ->> 'email'
            from projector.held_back held cross join lateral (select unnest(held.ids) as id limit $1) missing
                left join lateral (select to_jsonb(l) as lead from legacy.leads l where l.id = missing.id) lead on true
            """).With(Most);
        var (leads, run, count) = (new List<HeldLead>(), default(Guid?), 0);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            (run, count) = (row.GetGuid(0), row.GetInt32(1));
            leads.Add(new(row.GetString(2), row.GetValue(3) as string ?? row.GetValue(4) as string, row.GetValue(5) as string,
                row.GetValue(6) as string));
        }

        return new HeldAnswer(run, count, leads);
    }) ?? new HeldAnswer(null, 0, []);
}

/// <param name="RunId">Null when no comparison is held back.</param>
/// <param name="Missing">The number of leads that it would remove.</param>
/// <param name="Leads">The first of these leads.</param>
internal sealed record HeldAnswer(Guid? RunId, int Missing, IReadOnlyList<HeldLead> Leads);

internal sealed record HeldLead(string Id, string? Name, string? Company, string? Email);
