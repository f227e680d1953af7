using LeadSync.Projector.EventTables;
using LeadSync.Projector.Rebuilds;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

internal enum SwapOutcome
{
    Swapped,

    /// <summary>Too many leads have changed to fold them while writers wait, or there is a new column.</summary>
    Behind,

    /// <summary>A reader or a writer holds a lock.</summary>
    Busy,
}

/// <summary>
/// Replaces the served version, in one transaction. Writers wait while the last changes are folded and compared. Readers wait for
/// milliseconds while the partitions are exchanged.
/// </summary>
internal sealed class Swap(NpgsqlDataSource database, RebuildRanges ranges, ViewTables tables, Module module)
{
    // Folding and comparing this many takes about 20 ms.
    private const int MostChanges = 100;

    // A transaction that waits for a lock blocks all that come after it. So it waits 50 ms at most, and lets the others go first.
    private const string WritersWait = "select set_config('lock_timeout', '40ms', true), set_config('work_mem', '64MB', true)";
    private const string ReadersWait = "select set_config('lock_timeout', '20ms', true), set_config('statement_timeout', '40ms', true)";

    /// <param name="columns">The columns that the version was filled with.</param>
    /// <param name="compared">The columns to compare.</param>
    /// <param name="position">The version has every event up to here, and is compared up to here.</param>
    public async Task<SwapOutcome> Try(
        Guid rebuild, ViewVersion next, ViewVersion served, IReadOnlyList<Column> columns, IReadOnlyList<Column> compared, long position,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await Execute(
                connection, ct, WritersWait, $"lock table legacy.{module.View}, legacy.{module.Deleted} in share row exclusive mode");
            var streams = await RecordedEvents.StreamsAfter(connection, module, position, MostChanges + 1, ct);
            if (streams.Length > MostChanges || (await tables.Columns(ct)).Count != columns.Count)
                return SwapOutcome.Behind;

            await ranges.Fill(connection, next, columns, streams, ct);
            await ranges.Compare(connection, rebuild, next, compared, streams, exceptChangedAfter: null, ct);
            await Execute(connection, ct, [
                ReadersWait,
                $"lock table legacy.{module.View}, legacy.{module.Deleted} in access exclusive mode",
                .. served.Tables.Select(table => $"alter table legacy.{table.Served} detach partition legacy.{table.Name}"),
                .. next.Tables.Select(table =>
                    $"alter table legacy.{table.Served} attach partition legacy.{table.Name} for values from (minvalue) to (maxvalue)"),
                $"""
                update {module.Schema}.rebuilds
                set version = {next.Number}, replaced_version = {served.Number}, position = {position}, swapped_at = clock_timestamp()
                    where id = '{rebuild}'
                """]);
            await transaction.CommitAsync(ct);
            return SwapOutcome.Swapped;
        }
        catch (PostgresException e) when (ShortWait.WasTooShort(e) || e.SqlState is PostgresErrorCodes.QueryCanceled)
        {
            return SwapOutcome.Busy;
        }
    }

    private static async Task Execute(NpgsqlConnection connection, CancellationToken ct, params IEnumerable<string> statements)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new(statement));
        await batch.ExecuteNonQueryAsync(ct);
    }
}
