using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Gateway.Notifications;

/// <summary>
/// The record, shared by all replicas, of the times when notifications could be received. The service keeps it in PostgreSQL, the
/// simulation in a model. All times are of the database's clock, since the replicas' clocks may differ. Only <see cref="LastHeard"/> is of
/// Zoho's clock.
/// </summary>
internal interface IReceivingRecord
{
    /// <summary>Enters a heartbeat of this replica, to which Zoho may send from now on. The first heartbeat begins the record.</summary>
    /// <param name="hasRefused">Whether this replica has refused a notification that no gap covers yet. Its heartbeat then stays where it
    /// is: if the replica crashes now, the gap of the crash has to begin before the refusal.</param>
    /// <returns>The record before this heartbeat.</returns>
    Task<Heartbeats> EnterHeartbeat(bool hasRefused, CancellationToken ct);

    /// <summary>
    /// Records that notifications could be received until <paramref name="now"/>, and deletes the other replicas whose last heartbeat is no
    /// later than <paramref name="crashedAt"/>.
    /// </summary>
    /// <param name="heardAt">Zoho's clock: when this replica last accepted a notification. Null when it never did.</param>
    Task Record(DateTimeOffset now, DateTimeOffset? heardAt, DateTimeOffset? crashedAt, CancellationToken ct);

    /// <summary>Deletes this replica's heartbeat, so that its end is not taken for a crash.</summary>
    Task RemoveHeartbeat(CancellationToken ct);

    /// <summary>When any replica last accepted a notification; without any, when the record began.</summary>
    /// <returns>Zoho's clock; null when nobody knows.</returns>
    Task<DateTimeOffset?> LastHeard(CancellationToken ct);
}

/// <param name="Own">This replica's heartbeat before this one; null when this one is the first.</param>
/// <param name="LastOfAny">Until when the record says that any replica received; null when there is no record.</param>
/// <param name="FirstOfOthers">The earliest heartbeat of the other replicas that have not left; null when there is none.</param>
internal readonly record struct Heartbeats(
    DateTimeOffset? Own, DateTimeOffset? LastOfAny, DateTimeOffset? FirstOfOthers, DateTimeOffset Now);

/// <summary>Reads and writes the tables <c>gateway.replica</c> and <c>gateway.receiving</c>.</summary>
internal sealed class ReceivingRecord(NpgsqlDataSource database) : IReceivingRecord
{
    private readonly Guid replicaId = Guid.NewGuid();

    public async Task<Heartbeats> EnterHeartbeat(bool hasRefused, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            with present as materialized (select clock_timestamp() as at),
            mine as (
                insert into gateway.replica as mine (replica_id, heartbeat) select $1, at from present
                on conflict (replica_id) do update set heartbeat = case when $2 then mine.heartbeat else excluded.heartbeat end
            ),
            began as (
                insert into gateway.receiving (heartbeat, heard_at)
                select at, at from present where not exists (select from gateway.receiving)
                on conflict do nothing
            )
            select
                (select heartbeat from gateway.replica where replica_id = $1),
                (select heartbeat from gateway.receiving),
                (select min(heartbeat) from gateway.replica where replica_id <> $1),
                at
            from present
            """).With(replicaId, hasRefused);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        // PostgreSQL shows the main query the tables as they were before the inserts of the same statement.
        return new Heartbeats(row.TimeOrNull(0), row.TimeOrNull(1), row.TimeOrNull(2), row.Time(3));
    }

    public async Task Record(DateTimeOffset now, DateTimeOffset? heardAt, DateTimeOffset? crashedAt, CancellationToken ct)
    {
        await database.Execute(
            """
            with crashed as (
                delete from gateway.replica where heartbeat <= $4::timestamptz and replica_id <> $3
            )
            insert into gateway.receiving as receiving (heartbeat, heard_at) values ($1, coalesce($2::timestamptz, $1))
            on conflict (only_row) do update set
                heartbeat = greatest(receiving.heartbeat, $1), heard_at = greatest(receiving.heard_at, $2::timestamptz)
            """, ct, now, heardAt, replicaId, crashedAt);
    }

    public async Task RemoveHeartbeat(CancellationToken ct)
    {
        await database.Execute("delete from gateway.replica where replica_id = $1", ct, replicaId);
    }

    public async Task<DateTimeOffset?> LastHeard(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select heard_at from gateway.receiving");
        return await command.ExecuteScalarAsync(ct) is DateTime at ? new DateTimeOffset(at) : null;
    }
}
