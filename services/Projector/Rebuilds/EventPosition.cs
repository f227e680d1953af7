using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>Positions in the event store: Marten's sequence numbers.</summary>
/// <remarks>
/// Numbers are taken before transactions commit, so that one may become visible after a greater one. A writer has its transaction id before it takes its first
/// number (it has locked its leads by then): when every transaction that was under way has ended, all numbers given out before are visible or will never be.
/// </remarks>
internal static class EventPosition
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>A position up to which every event is visible from now on. Waits for transactions that are under way; keeps none from going on.</summary>
    public static async Task<long> Settled(NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        var (position, transaction) = await Latest(database, ct);
        while (!await HaveEnded(database, transaction, ct))
            await Task.Delay(Pause, clock, ct);
        return position;
    }

    private static async Task<(long Position, string Transaction)> Latest(NpgsqlDataSource database, CancellationToken ct)
    {
        // In this order; and an id of its own, since a snapshot's upper end does not count those that are under way but came after the last that ended.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("select case when is_called then last_value else 0 end from projector.mt_events_sequence"));
        batch.BatchCommands.Add(new("select pg_current_xact_id()::text"));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var position = reader.GetInt64(0);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        return (position, reader.GetString(0));
    }

    private static async Task<bool> HaveEnded(NpgsqlDataSource database, string transaction, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8");
        command.Parameters.Add(new() { Value = transaction });
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
