using System.Globalization;
using LeadSync.Projector.LegacyView;
using Npgsql;

namespace LeadSync.Projector.Feed;

/// <summary>
/// The partitions of the change feed, one a day. The projector creates the partitions of the next days ahead, and drops those of days that
/// are not kept. Changes of a day without a partition are in the default partition until the day gets one, so no writer waits for a
/// partition.
/// </summary>
internal sealed class FeedDays(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Table = "legacy.lead_change_positions";
    private const int DaysAhead = 3;
    private const long PositionsOfDay = 10_000_000_000;

    // PostgreSQL takes this lock for a partition to be dropped. Two replicas that both read the partition first would wait for each other.
    private const string Whole = $"lock table only {Table} in access exclusive mode";

    private static readonly DateOnly FirstDay = new(2020, 1, 1);

    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>Creates the partitions of today and of the next days.</summary>
    /// <returns>False when a reader held a lock, and a partition is missing.</returns>
    public async Task<bool> Provide(CancellationToken ct)
    {
        var present = await Present(ct);
        var complete = true;
        foreach (var day in Enumerable.Range(0, DaysAhead + 1).Select(Today.AddDays).Where(day => !present.Contains(day)))
            complete &= await Make(day, ct);
        return complete;
    }

    /// <summary>
    /// Drops the partitions of the days that are not kept, and notes their last position for <c>legacy.missed_changes</c>. The day of the
    /// last change stays, because a new reader begins at the last change.
    /// </summary>
    /// <returns>False when a reader held a lock, and a partition is left.</returns>
    public async Task<bool> Drop(int keepDays, CancellationToken ct)
    {
        var (first, last) = (Today.AddDays(-keepDays), await LastDay(ct));
        first = last < first ? last : first;
        var complete = true;
        foreach (var day in (await Present(ct)).Where(day => day < first))
            complete &= await Try([Whole, Dropped(Partition(day), Begin(day.AddDays(1))), $"drop table {Partition(day)}"], ct);
        var other = $"{Table}_other";
        return complete
            & await Try([Dropped(other, Begin(first)), $"delete from {other} where position < {Begin(first)}"], ct);
    }

    /// <summary>The first day whose changes are in the feed.</summary>
    public DateTimeOffset KeptSince(int keepDays) => new(Today.AddDays(-keepDays), TimeOnly.MinValue, TimeSpan.Zero);

    // The table gets its rows before it becomes a partition: PostgreSQL refuses a partition whose rows are in the default one.
    private Task<bool> Make(DateOnly day, CancellationToken ct) => Try([
        $"create table {Partition(day)} (like {Table} including all)",
        $"lock table {Table}_other in access exclusive mode",
        $"""
        with moved as (delete from {Table}_other where position >= {Begin(day)} and position < {Begin(day.AddDays(1))} returning *)
        insert into {Partition(day)} select * from moved
        """,
        $"alter table {Table} attach partition {Partition(day)} for values from ({Begin(day)}) to ({Begin(day.AddDays(1))})",
    ], ct);

    private async Task<bool> Try(IEnumerable<string> statements, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await using var batch = new NpgsqlBatch(connection);
            foreach (var statement in statements.Prepend(ShortWait.Begin))
                batch.BatchCommands.Add(new(statement));
            await batch.ExecuteNonQueryAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (PostgresException e) when (ShortWait.WasTooShort(e)
            || e.SqlState is PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.UndefinedTable)
        {
            // A reader or a writer holds a lock, or another replica does the same.
            return false;
        }
    }

    private async Task<DateOnly> LastDay(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"select coalesce(max(position), 0) from {Table}");
        return FirstDay.AddDays((int)((long)(await command.ExecuteScalarAsync(ct))! / PositionsOfDay));
    }

    private async Task<IReadOnlySet<DateOnly>> Present(CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            select coalesce(array_agg(to_date(right(c.relname, 8), 'YYYYMMDD')), array[]::date[]) from pg_inherits i
            join pg_class c on c.oid = i.inhrelid
            where i.inhparent = '{Table}'::regclass and c.relname ~ '_[0-9]+$'
            """);
        return ((DateTime[])(await command.ExecuteScalarAsync(ct))!).Select(DateOnly.FromDateTime).ToHashSet();
    }

    private static string Dropped(string partition, long before) => $"""
        update projector.dropped_changes set up_to = greatest(up_to, (select max(position) from {partition} where position < {before}))
        """;

    private static string Partition(DateOnly day) => $"{Table}_{day.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}";

    /// <summary>As <c>projector.first_position</c> says.</summary>
    private static long Begin(DateOnly day) => (day.DayNumber - FirstDay.DayNumber) * PositionsOfDay;
}
