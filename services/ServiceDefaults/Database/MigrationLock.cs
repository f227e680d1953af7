using Npgsql;

namespace LeadSync.ServiceDefaults.Database;

/// <summary>Lets one replica at a time change the schema. PostgreSQL's <c>create … if not exists</c> fails when two replicas run it at
/// once, and so does Marten's creation of tables.</summary>
/// <param name="connection">The database.</param>
/// <param name="patience">The time after which a holder that sends nothing, because it is frozen or its machine is gone, loses the
/// lock.</param>
/// <param name="keepAlive">How often the holder sends something while it migrates; zero for never.</param>
internal sealed class MigrationLock(
    NpgsqlConnectionStringBuilder connection, TimeSpan patience, TimeSpan keepAlive, TimeProvider clock) : IAsyncDisposable
{
    private const string Key = "hashtext('leadsync.migration')";
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    // Without a pool: the session that holds the lock, or waits for it, serves nothing else.
    private readonly NpgsqlDataSource sessions = PostgresSettings.Source(
        new(connection.ConnectionString) { Pooling = false, KeepAlive = (int)keepAlive.TotalSeconds },
        $"set idle_session_timeout = {(long)patience.TotalMilliseconds}; set statement_timeout = 0");

    public ValueTask DisposeAsync() => sessions.DisposeAsync();

    public async Task RunAlone(Func<Task> migrate, CancellationToken ct)
    {
        await using var session = await sessions.OpenConnectionAsync(ct);
        // The wait is a loop outside PostgreSQL: a waiting statement is an open transaction, for which others might have to wait.
        while (!await IsLocked(session, ct))
            await Task.Delay(BetweenAttempts, clock, ct);
        // The lock ends with its session.
        await migrate();
    }

    private static async Task<bool> IsLocked(NpgsqlConnection session, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({Key})", session);
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
