using LeadSync.Contracts;
using LeadSync.Projector.EventTables;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.FullComparisons;

/// <summary>
/// Finds the living leads that a full comparison did not show: in PostgreSQL in the service, in a model in the simulation.
/// </summary>
internal interface IMissingLeads
{
    /// <returns>How many leads live, how many of them are missing, and whether every page of the run is remembered.</returns>
    Task<(int Living, int Missing, bool IsComplete)> Count(CompareLeads run, CancellationToken ct);

    Task<IReadOnlyList<string>> Find(CompareLeads run, CancellationToken ct);

    /// <summary>Stores the missing leads of a held-back comparison, so that an operator can release them.</summary>
    Task HoldBack(CompareLeads run, int living, CancellationToken ct);

    /// <returns>The held-back leads of the run; none when a later run has replaced it.</returns>
    Task<(int Living, IReadOnlyList<string> Missing)> HeldBack(Guid runId, CancellationToken ct);

    /// <summary>Remembers the outcome of a run. It replaces the outcome of the run before.</summary>
    Task Remember(LeadsCompared answer, CancellationToken ct);

    /// <returns>The remembered outcome of the run; null when there is none.</returns>
    Task<LeadsCompared?> Answer(Guid runId, CancellationToken ct);
}

internal sealed class MissingLeads([FromKeyedServices(PostgresSettings.LongWork)] NpgsqlDataSource database, Module module) : IMissingLeads
{
    // More than an operator would check. When more are missing, a new comparison finds them again.
    private const int MostHeldBack = 1_000_000;

    private string Missing { get; } = $"""
        from {module.Registers} l
        where {RecordedEvents.Alive("l")} and l.last_seen < $2
            and not exists (select from {module.Schema}.sightings s, unnest(s.ids || s.parked) as seen(id)
                where s.run_id = $1 and seen.id = l.id)
        """;

    public async Task<(int Living, int Missing, bool IsComplete)> Count(CompareLeads run, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            select (select count(*) from {module.Registers} l where {RecordedEvents.Alive("l")})::integer,
                (select count(*) {Missing})::integer,
                (select count(*) > 0 and count(*) = max(page) and (count(*) = $3 or $3 = 0) from {module.Schema}.sightings
                    where run_id = $1)
            """).With(run.RunId, run.StartedAt, run.Pages ?? 0);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt32(0), row.GetInt32(1), row.GetBoolean(2));
    }

    public async Task<IReadOnlyList<string>> Find(CompareLeads run, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select array(select l.id {Missing})").With(run.RunId, run.StartedAt);
        return (string[])(await command.ExecuteScalarAsync(ct))!;
    }

    public Task HoldBack(CompareLeads run, int living, CancellationToken ct) => database.Execute($"""
        insert into {module.Schema}.held_back (run_id, living, ids) select $1, $3, array(select l.id {Missing} limit {MostHeldBack})
        on conflict (only_row) do update set run_id = excluded.run_id, living = excluded.living, ids = excluded.ids
        """, ct, run.RunId, run.StartedAt, living);

    public async Task<(int Living, IReadOnlyList<string> Missing)> HeldBack(Guid runId, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select living, ids from {module.Schema}.held_back where run_id = $1")
            .With(runId);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetInt32(0), (string[])row.GetValue(1)) : (0, []);
    }

    public Task Remember(LeadsCompared answer, CancellationToken ct) => database.Execute($"""
        insert into {module.Schema}.compared (run_id, living, missing, held_back) values ($1, $2, $3, $4)
        on conflict (only_row) do update set run_id = excluded.run_id, living = excluded.living, missing = excluded.missing,
            held_back = excluded.held_back
        """, ct, answer.RunId, answer.Living, answer.Missing, answer.HeldBack);

    public async Task<LeadsCompared?> Answer(Guid runId, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"select living, missing, held_back from {module.Schema}.compared where run_id = $1").With(runId);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(runId, row.GetInt32(0), row.GetInt32(1), row.GetBoolean(2)) : null;
    }
}
