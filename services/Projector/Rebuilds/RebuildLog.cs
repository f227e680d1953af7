using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>The rebuilds and their outcomes, in <c>projector.rebuilds</c>.</summary>
internal sealed class RebuildLog(NpgsqlDataSource database, Module module)
{
    // The differences of the last ten rebuilds and of the last ten checks stay, and the checks of the last month.
    private string Old { get; } = $"""
        old_differences as (
            delete from {module.Schema}.rebuild_differences where rebuild_id not in (
                select id from (
                    select id, row_number() over (partition by kind = 'check' order by started_at desc) as age
                    from {module.Schema}.rebuilds) r
                where age <= 10)
        ),
        old_checks as (
            delete from {module.Schema}.rebuilds where kind = 'check' and started_at < now() - interval '30 days'
        )
        """;

    /// <summary>Begins a rebuild, or begins it again if its process has died.</summary>
    public Task Begin(RebuildView command, CancellationToken ct) => database.Execute($"""
        with {Old}, before as (delete from {module.Schema}.rebuild_differences where rebuild_id = $1)
        insert into {module.Schema}.rebuilds (id, kind, as_of, phase) values ($1, $2, $3, 'starting')
        on conflict (id) do update set started_at = now(), phase = excluded.phase, finished_at = null, failure = null
        """, ct, command.RebuildId, Kind(command), command.AsOf?.UtcDateTime);

    private static string Kind(RebuildView command) => command switch
    {
        { Undo: true } => "undo",
        { AsOf: not null } => "as of",
        { Retype: not null } => "retype",
        _ => "rebuild",
    };

    /// <summary>Stores the differences that a check of the view has found.</summary>
    public Task Checked(Guid id, IReadOnlyCollection<(string Relation, string Id, string Difference)> found, CancellationToken ct) =>
        database.Execute($"""
            insert into {module.Schema}.rebuild_differences (rebuild_id, relation, id, difference)
            select $1, * from unnest($2::text[], $3::text[], $4::text[])
            """,
            ct, id, found.Select(row => row.Relation).ToArray(), found.Select(row => row.Id).ToArray(),
            found.Select(row => row.Difference).ToArray());

    public Task BeginCheck(Guid id, CancellationToken ct) =>
        database.Execute($"with {Old} insert into {module.Schema}.rebuilds (id, kind, phase) values ($1, 'check', 'comparing')", ct, id);

    public Task FinishCheck(Guid id, long differences, CancellationToken ct) => database.Execute(
        $"update {module.Schema}.rebuilds set phase = 'done', differences = $2, finished_at = now() where id = $1", ct, id, differences);

    /// <summary>Whether a check has ended within the last span, by the database's clock.</summary>
    public async Task<bool> WasCheckedWithin(TimeSpan time, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"select exists (select from {module.Schema}.rebuilds where kind = 'check' and finished_at > now() - $1)").With(time);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    public Task Enter(Guid id, string phase, CancellationToken ct) =>
        database.Execute($"update {module.Schema}.rebuilds set phase = $2 where id = $1", ct, id, phase);

    public Task Fail(Guid id, string reason, CancellationToken ct) =>
        database.Execute(
            $"update {module.Schema}.rebuilds set phase = 'failed', failure = $2, finished_at = now() where id = $1", ct, id, reason);

    public Task Finish(ViewRebuilt rebuilt, CancellationToken ct) => database.Execute(
        $"update {module.Schema}.rebuilds set phase = 'done', rows = $2, differences = $3, finished_at = now(), failure = null "
            + "where id = $1",
        ct, rebuilt.RebuildId, rebuilt.Rows, rebuilt.Differences);

    /// <summary>Whether a rebuild has begun and not ended.</summary>
    public async Task<bool> IsUnderWay(Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select finished_at is null from {module.Schema}.rebuilds where id = $1")
            .With(id);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>When a rebuild's version replaced the served one; null when it has not.</summary>
    public async Task<DateTimeOffset?> SwappedAt(Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select swapped_at from {module.Schema}.rebuilds where id = $1").With(id);
        return await command.ExecuteScalarAsync(ct) is DateTime at ? at : null;
    }

    /// <summary>
    /// The version that the last swap replaced, and the position up to which it has every event; null when nothing was swapped yet.
    /// </summary>
    public async Task<(ViewVersion Version, long Position)?> Replaced(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"select replaced_version, position from {module.Schema}.rebuilds where swapped_at is not null "
                + "order by swapped_at desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (new(module, reader.GetInt32(0)), reader.GetInt64(1)) : null;
    }
}
