using Npgsql;

namespace LeadSync.ServiceDefaults.Database;

/// <summary>Lets one replica at a time change the schema. PostgreSQL's <c>create … if not exists</c> fails when two replicas run it at
/// once, and so does Marten's creation of tables.</summary>
internal static class MigrationLock
{
    private const string Key = "hashtext('leadsync.migration')";
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    public static async Task RunAlone(this NpgsqlDataSource database, TimeProvider clock, Func<Task> migrate, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        // The wait is a loop outside PostgreSQL: a waiting statement is an open transaction, for which others might have to wait.
        while (!await Ask(connection, $"select pg_try_advisory_lock({Key})", ct))
            await Task.Delay(BetweenAttempts, clock, ct);
        try
        {
            await migrate();
        }
        finally
        {
            await Release(connection);
        }
    }

    private static async Task Release(NpgsqlConnection connection)
    {
        try
        {
            await Ask(connection, $"select pg_advisory_unlock({Key})", CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The connection is lost, and the lock with it. The migration's own failure says why.
        }
    }

    private static async Task<bool> Ask(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
