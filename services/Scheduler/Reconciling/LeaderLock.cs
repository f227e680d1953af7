using LeadSync.ServiceDefaults;
using Medallion.Threading.Postgres;
using Npgsql;

namespace LeadSync.Scheduler.Reconciling;

/// <summary>An advisory lock of PostgreSQL: held as long as its connection lives, so a leader that dies leaves it to the others.</summary>
internal sealed class LeaderLock(IConfiguration configuration, NpgsqlDataSource database)
{
    // "leadsync" in ASCII.
    private const long Key = 0x6c65616473796e63;

    // The connection sleeps in a query, so that its loss is noticed here. PostgreSQL has to look by itself whether its client is still
    // there: without that a killed leader would keep the lock until the query ends. And one that stands still, and sends no next query, loses it.
    private const string NoticeDeadClients =
        "set idle_session_timeout = '20s'; set client_connection_check_interval = '1s'; set statement_timeout = 0; "
            + "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3";

    private readonly PostgresDistributedLock advisoryLock = new(new PostgresAdvisoryLockKey(Key), Sessions(configuration));

    /// <summary>Waits until no other replica holds it.</summary>
    public ValueTask<PostgresDistributedLockHandle> AcquireAsync(CancellationToken cancellation) =>
        advisoryLock.AcquireAsync(cancellationToken: cancellation);

    /// <summary>Whether any replica holds it.</summary>
    public async Task<bool> IsHeldAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select exists (
              select from pg_locks
              where locktype = 'advisory' and granted and objsubid = 1
                and database = (select oid from pg_database where datname = current_database())
                and (classid::bigint << 32) | objid::bigint = $1)
            """);
        command.Parameters.Add(new() { Value = Key });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    // Without a pool: a session that has held the lock, or waited for it, is used for nothing else.
    private static NpgsqlDataSource Sessions(IConfiguration configuration)
    {
        var connection = PostgresSettings.Read(new Settings(configuration));
        connection.ApplicationName = PostgresSettings.LeaderSession;
        connection.Pooling = false;
        return PostgresSettings.Source(connection, NoticeDeadClients);
    }
}
