using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Database;
using Medallion.Threading.Postgres;
using Npgsql;

namespace LeadSync.Scheduler.Reconciling;

/// <summary>An advisory lock of PostgreSQL. It ends with its connection, so the replicas of a dead leader can take it.</summary>
internal sealed class LeaderLock(IConfiguration configuration, NpgsqlDataSource database)
{
    // "leadsync" in ASCII.
    private const long Key = 0x6c65616473796e63;

    // The connection sleeps in a query, so that this process notices when it is lost. PostgreSQL also checks whether its client still
    // exists: otherwise a killed leader would keep the lock until the query ends. A frozen leader, which sends no next query, loses the
    // lock too.
    private const string NoticeDeadClients =
        "set idle_session_timeout = '20s'; set client_connection_check_interval = '1s'; set statement_timeout = 0; "
            + "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";

    private readonly PostgresDistributedLock advisoryLock = new(new PostgresAdvisoryLockKey(Key), Sessions(configuration));

    /// <summary>Waits until no other replica holds the lock.</summary>
    public ValueTask<PostgresDistributedLockHandle> Acquire(CancellationToken ct) =>
        advisoryLock.AcquireAsync(cancellationToken: ct);

    /// <summary>Whether any replica holds the lock.</summary>
    public async Task<bool> IsHeld(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select exists (
              select from pg_locks
              where locktype = 'advisory' and granted and objsubid = 1
                and database = (select oid from pg_database where datname = current_database())
                and (classid::bigint << 32) | objid::bigint = $1)
            """).With(Key);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    // Without a pool: the session that holds the lock, or waits for it, serves nothing else.
    private static NpgsqlDataSource Sessions(IConfiguration configuration)
    {
        var connection = PostgresSettings.Read(new Settings(configuration));
        connection.ApplicationName = PostgresSettings.LeaderSession;
        connection.Pooling = false;
        return PostgresSettings.Source(connection, NoticeDeadClients);
    }
}
