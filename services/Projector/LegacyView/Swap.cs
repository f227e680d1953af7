using LeadSync.Projector.EventTables;
using LeadSync.Projector.Rebuilds;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.LegacyView;

internal enum SwapOutcome
{
    Swapped,

    /// <summary>The version has to catch up first: so many leads have changed that writers would wait too long for their fold, or the view
    /// has a new column.</summary>
    MustCatchUp,

    /// <summary>A reader or a writer holds a lock.</summary>
    Busy,
}

/// <summary>
/// Replaces the served version, in one transaction. Writers wait while the last changes are folded and compared. Readers wait for
/// milliseconds while the partitions are exchanged.
/// </summary>
internal sealed class Swap(NpgsqlDataSource database, RebuildRanges ranges, ViewTables tables, Module module)
{
    // The projector folds and compares this many leads in about 20 ms.
    private const int MostChanges = 100;

    // A transaction that waits for a lock blocks every later transaction that asks for the lock. So this one waits only briefly, and then
    // gives way.
    private const string WritersWait = "select set_config('lock_timeout', '40ms', true), set_config('work_mem', '64MB', true)";
    private const string ReadersWait = "select set_config('lock_timeout', '20ms', true), set_config('statement_timeout', '40ms', true)";

    /// <param name="columns">The columns that the version was filled with.</param>
    /// <param name="compared">The columns to compare.</param>
    /// <param name="position">The version has every event up to this position, and was compared up to it.</param>
    public async Task<SwapOutcome> Try(
        Guid rebuild, ViewVersion next, ViewVersion served, IReadOnlyList<Column> columns, IReadOnlyList<Column> compared, long position,
        CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await connection.Execute(
                [WritersWait, $"lock table legacy.{module.View}, legacy.{module.Deleted} in share row exclusive mode"], ct);
            var streams = await RecordedEvents.StreamsAfter(connection, module, position, MostChanges + 1, ct);
            if (streams.Length > MostChanges || (await tables.Columns(ct)).Count != columns.Count)
                return SwapOutcome.MustCatchUp;

            await ranges.Fill(connection, next, columns, streams, ct);
            await ranges.Compare(connection, rebuild, next, compared, streams, exceptChangedAfter: null, ct);
            await connection.Execute([
                ReadersWait,
                $"lock table legacy.{module.View}, legacy.{module.Deleted} in access exclusive mode",
                .. served.Tables.Select(table => $"alter table legacy.{table.Served} detach partition legacy.{table.Name}"),
                .. next.Tables.Select(table =>
                    $"alter table legacy.{table.Served} attach partition legacy.{table.Name} for values from (minvalue) to (maxvalue)"),
                $"""
                update {module.Schema}.rebuilds
                set version = {next.Number}, replaced_version = {served.Number}, position = {position}, swapped_at = clock_timestamp()
                    where id = '{rebuild}'
                """], ct);
            await transaction.CommitAsync(ct);
            return SwapOutcome.Swapped;
        }
        catch (PostgresException e) when (ShortWait.WasTooShort(e) || e.SqlState is PostgresErrorCodes.QueryCanceled)
        {
            return SwapOutcome.Busy;
        }
    }
}
