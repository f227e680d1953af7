using Npgsql;

namespace LeadSync.ServiceDefaults;

/// <summary>Lets one replica at a time change the schema: PostgreSQL's <c>create … if not exists</c> fails when two run it at once, and Marten creates its tables without regard for another.</summary>
internal static class MigrationLock
{
    private const string Key = "hashtext('leadsync.migration')";
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    public static async Task RunAlone(this NpgsqlDataSource database, TimeProvider clock, Func<Task> migrate, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        // Not waited for inside PostgreSQL: a statement that waits is a transaction that others might have to wait for.
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
            // The connection is lost, and the lock with it. What broke off the migration says why.
        }
    }

    private static async Task<bool> Ask(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
