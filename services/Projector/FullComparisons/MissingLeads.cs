using LeadSync.Contracts;
using Npgsql;

namespace LeadSync.Projector.FullComparisons;

/// <summary>The living leads that a complete bulk read did not show: looked for in PostgreSQL in the service, in a model in the simulation.</summary>
internal interface IMissingLeads
{
    /// <returns>How many leads live in the view, and the ids of those of them that are missing.</returns>
    Task<(int Living, IReadOnlyList<string> Missing)> Find(CompareLeads run, CancellationToken ct);

    /// <summary>Keeps those of the last comparison that is held back, for an operator to release.</summary>
    Task HoldBack(Guid runId, int living, IReadOnlyList<string> missing, CancellationToken ct);

    /// <returns>What was held back of that run; nothing when a later one took its place.</returns>
    Task<(int Living, IReadOnlyList<string> Missing)> HeldBack(Guid runId, CancellationToken ct);
}

internal sealed class MissingLeads(NpgsqlDataSource database) : IMissingLeads
{
    public async Task<(int Living, IReadOnlyList<string> Missing)> Find(CompareLeads run, CancellationToken ct)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("select count(*) from legacy.leads"));
        batch.BatchCommands.Add(new("""
            select l.id from projector.leads l
            where l.last_seen > coalesce(l.last_gone, '-infinity') and l.last_seen < $2
                and not exists (select from projector.sightings s, unnest(s.ids) as seen(id) where s.run_id = $1 and seen.id = l.id)
            """)
        {
            Parameters = { new() { Value = run.RunId }, new() { Value = run.StartedAt.UtcDateTime } },
        });

        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var living = (int)reader.GetInt64(0);
        await reader.NextResultAsync(ct);
        var missing = new List<string>();
        while (await reader.ReadAsync(ct))
            missing.Add(reader.GetString(0));
        return (living, missing);
    }

    public async Task HoldBack(Guid runId, int living, IReadOnlyList<string> missing, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            insert into projector.held_back (run_id, living, ids) values ($1, $2, $3)
            on conflict (only_row) do update set run_id = excluded.run_id, living = excluded.living, ids = excluded.ids
            """);
        command.Parameters.Add(new() { Value = runId });
        command.Parameters.Add(new() { Value = living });
        command.Parameters.Add(new() { Value = missing.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    public async Task<(int Living, IReadOnlyList<string> Missing)> HeldBack(Guid runId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select living, ids from projector.held_back where run_id = $1");
        command.Parameters.Add(new() { Value = runId });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetInt32(0), (string[])row.GetValue(1)) : (0, []);
    }
}
