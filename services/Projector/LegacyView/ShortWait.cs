using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

/// <summary>
/// A statement that waits for a lock blocks everyone who asks for the lock after it. So a statement that changes what readers use waits
/// only 20 ms, and the caller tries again.
/// </summary>
internal static class ShortWait
{
    /// <summary>SQL: lets the statements of the transaction wait at most 20 ms for a lock.</summary>
    public const string Begin = "select set_config('lock_timeout', '20ms', true)";

    /// <summary>Runs <see cref="Begin"/>, and takes an advisory lock that ends with the transaction.</summary>
    /// <returns>False when another transaction has the lock.</returns>
    public static async Task<bool> TryLock(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"{Begin}, pg_try_advisory_xact_lock(hashtext($1))", connection).With(name);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) && row.GetBoolean(1);
    }

    /// <summary>Whether a statement failed because another transaction held a lock.</summary>
    public static bool WasTooShort(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected;
}
