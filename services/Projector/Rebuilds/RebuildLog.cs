using LeadSync.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace LeadSync.Projector.Rebuilds;

/// <summary>What became of rebuilds, in <c>projector.rebuilds</c>.</summary>
internal sealed class RebuildLog(NpgsqlDataSource database)
{
    /// <summary>Begins a rebuild, or begins it again if its process has died.</summary>
    public Task Begin(RebuildView order, CancellationToken ct) => Execute("""
        with forgotten as (
            delete from projector.rebuild_differences
            where rebuild_id = $1 or rebuild_id not in (select id from projector.rebuilds order by started_at desc limit 5)
        )
        insert into projector.rebuilds (id, kind, as_of, phase) values ($1, $2, $3, 'starting')
        on conflict (id) do update set started_at = now(), phase = excluded.phase, finished_at = null, failure = null
        """, ct, order.RebuildId, order switch { { Undo: true } => "undo", { AsOf: not null } => "as of", _ => "rebuild" }, order.AsOf?.UtcDateTime);

    public Task Enter(Guid id, string phase, CancellationToken ct) =>
        Execute("update projector.rebuilds set phase = $2 where id = $1", ct, id, phase);

    public Task Fail(Guid id, string reason, CancellationToken ct) =>
        Execute("update projector.rebuilds set phase = 'failed', failure = $2, finished_at = now() where id = $1", ct, id, reason);

    public Task Finish(ViewRebuilt rebuilt, CancellationToken ct) => Execute(
        "update projector.rebuilds set phase = 'done', rows = $2, differences = $3, finished_at = now(), failure = null where id = $1",
        ct, rebuilt.RebuildId, rebuilt.Rows, rebuilt.Differences);

    /// <summary>Whether a rebuild has begun and not ended.</summary>
    public async Task<bool> IsUnderWay(Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select finished_at is null from projector.rebuilds where id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>When a rebuild was swapped in; null when it was not.</summary>
    public async Task<DateTimeOffset?> SwappedAt(Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select swapped_at from projector.rebuilds where id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync(ct) is DateTime at ? at : null;
    }

    /// <summary>The version that the last swap replaced, and the position up to which it has every event; null when nothing was swapped yet.</summary>
    public async Task<(ViewVersion Version, long Position)?> Replaced(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select replaced_version, position from projector.rebuilds where swapped_at is not null order by swapped_at desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (new(reader.GetInt32(0)), reader.GetInt64(1)) : null;
    }

    private async Task Execute(string sql, CancellationToken ct, params object?[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is null ? new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz } : new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }
}
