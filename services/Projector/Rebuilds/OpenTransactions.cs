using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>
/// A repeatable-read transaction sees the partition that is attached now, but only rows that existed when the transaction began. A reader
/// that began before a version was filled would find it empty.
/// </summary>
internal static class OpenTransactions
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Waits until every transaction of this database that is open now has ended. Transactions without a snapshot do not count, nor does
    /// the session of the leader's lock, which reads nothing.
    /// </summary>
    public static async Task HaveEnded(NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        await using var open = database.CreateCommand($"""
            select coalesce(array_agg(l.virtualtransaction), array[]::text[]) from pg_locks l join pg_stat_activity a using (pid)
            where l.locktype = 'virtualxid' and a.datname = current_database() and a.usesysid is not null and a.pid <> pg_backend_pid()
                and (a.backend_xmin is not null or a.state is null)
                    and a.application_name is distinct from '{PostgresSettings.LeaderSession}'
            """);
        var transactions = (string[])(await open.ExecuteScalarAsync(ct))!;
        while (transactions.Length > 0 && await AnyIsOpen(database, transactions, ct))
            await Task.Delay(Pause, clock, ct);
    }

    private static async Task<bool> AnyIsOpen(NpgsqlDataSource database, string[] transactions, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select exists (select from pg_locks where locktype = 'virtualxid' and virtualtransaction = any($1))").With(transactions);
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
