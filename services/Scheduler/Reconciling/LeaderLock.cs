using Medallion.Threading.Postgres;
using Npgsql;

namespace LeadSync.Scheduler.Reconciling;

/// <summary>An advisory lock of PostgreSQL: held as long as its connection lives, so a leader that dies leaves it at once.</summary>
internal sealed class LeaderLock(NpgsqlDataSource database)
{
    // "leadsync" in ASCII.
    private const long Key = 0x6c65616473796e63;

    private readonly PostgresDistributedLock advisoryLock =
        new(new PostgresAdvisoryLockKey(Key), database, options => options.KeepaliveCadence(TimeSpan.FromSeconds(10)));

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
}
