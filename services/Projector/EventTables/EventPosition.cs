using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Projector.EventTables;

/// <summary>Positions in the event store: Marten's sequence numbers.</summary>
/// <remarks>
/// A writer takes its numbers before it commits, so an event may become visible after an event with a greater number. The projector locks
/// its leads before it takes a number, and any other program locks the events' table just after. When every transaction that had such a
/// lock at some moment has ended, each number taken before that moment is visible or never will be.
/// </remarks>
internal static class EventPosition
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>SQL: the last sequence number; 0 before the first event.</summary>
    public static string Last(Module module) => $"(select case when is_called then last_value else 0 end from {module.Sequence})";

    /// <summary>
    /// A position up to which every event is visible from now on. The method waits for open transactions, and blocks none of them.
    /// </summary>
    public static async Task<long> Settled(NpgsqlDataSource database, Module module, TimeProvider clock, CancellationToken ct)
    {
        await using var last = database.CreateCommand($"select {Last(module)}");
        var position = (long)(await last.ExecuteScalarAsync(ct))!;
        // Marten's function takes a number just before it locks the events' table.
        await Task.Delay(Pause, clock, ct);
        var writing = await Writing(database, module, null, ct);
        while (writing.Length > 0)
        {
            await Task.Delay(Pause, clock, ct);
            writing = await Writing(database, module, writing, ct);
        }

        return position;
    }

    /// <summary>The transactions that write events or lock leads, including prepared ones. Those of other programs that write only
    /// elsewhere do not count.</summary>
    private static async Task<string[]> Writing(NpgsqlDataSource database, Module module, string[]? among, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            select coalesce(array_agg(distinct virtualtransaction), array[]::text[]) from pg_locks
            where locktype = 'relation' and database = (select oid from pg_database where datname = current_database())
                and relation in ('{module.Events}'::regclass, '{module.Registers}'::regclass)
                and mode in ('RowShareLock', 'RowExclusiveLock') and granted and (virtualtransaction = any($1::text[])) is not false
            """).With((object?)among);
        return (string[])(await command.ExecuteScalarAsync(ct))!;
    }
}
