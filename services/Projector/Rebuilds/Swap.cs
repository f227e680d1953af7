using LeadSync.Projector.LegacyView;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

internal enum SwapOutcome
{
    Swapped,

    /// <summary>More has changed than can be folded while writers wait.</summary>
    TooManyChanges,

    /// <summary>A reader or a writer is busy for longer than others shall wait behind us.</summary>
    Busy,
}

/// <summary>
/// Puts a version in the place of the served one, in one transaction: while writers wait, the last changes are folded and compared; then, for milliseconds, readers
/// wait while the partitions are exchanged.
/// </summary>
internal sealed class Swap(NpgsqlDataSource database)
{
    private const int MostChanges = 500;

    // Together with the exchange itself, which takes a few milliseconds, readers wait 50 ms at most.
    private const string ReadersWait = "select set_config('lock_timeout', '20ms', true), set_config('statement_timeout', '40ms', true)";
    private const string WritersWait = "select set_config('lock_timeout', '2s', true), set_config('work_mem', '64MB', true)";

    /// <param name="position">The version has every event up to here.</param>
    /// <param name="comparedUpTo">Leads that have changed since are compared now.</param>
    public async Task<SwapOutcome> Try(
        Guid rebuild, ViewVersion next, ViewVersion served, IReadOnlyList<Column> columns, long position, long comparedUpTo, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await Execute(connection, ct, WritersWait, "lock table legacy.leads, legacy.deleted_leads in share row exclusive mode");
            var streams = await Touched.Since(connection, position, MostChanges + 1, ct);
            if (streams.Length > MostChanges || await CountColumns(connection, ct) != columns.Count)
                return SwapOutcome.TooManyChanges;

            await Touched.Fold(connection, next, columns, streams, ct);
            await Compare(connection, rebuild, next, columns, await Touched.Since(connection, comparedUpTo, int.MaxValue, ct), ct);
            await Execute(connection, ct, [
                ReadersWait,
                "lock table legacy.leads, legacy.deleted_leads in access exclusive mode",
                .. served.Tables.Select(table => $"alter table legacy.{table.Served} detach partition legacy.{table.Name}"),
                .. next.Tables.Select(table => $"alter table legacy.{table.Served} attach partition legacy.{table.Name} for values from (minvalue) to (maxvalue)"),
                $"""
                update projector.rebuilds set version = {next.Number}, replaced_version = {served.Number}, position = {position}, swapped_at = clock_timestamp()
                where id = '{rebuild}'
                """]);
            await transaction.CommitAsync(ct);
            return SwapOutcome.Swapped;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.DeadlockDetected)
        {
            return SwapOutcome.Busy;
        }
    }

    private static async Task Compare(
        NpgsqlConnection connection, Guid rebuild, ViewVersion next, IReadOnlyList<Column> columns, string[] streams, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in Differences.List(next, columns, "id in (select substr(stream, 6) from unnest($2::text[]) stream)", exceptChangedAfter: null))
            batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = rebuild }, new() { Value = streams } } });
        await batch.ExecuteNonQueryAsync(ct);
    }

    private static async Task<int> CountColumns(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select count(*)::integer from projector.columns", connection);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task Execute(NpgsqlConnection connection, CancellationToken ct, params IEnumerable<string> statements)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new(statement));
        await batch.ExecuteNonQueryAsync(ct);
    }
}
