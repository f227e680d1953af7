using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using Medallion.Threading.Postgres;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>
/// Builds the view anew from its events beside the one that is read, compares the two and exchanges them. Whatever ends it on the way leaves the view that is
/// read as it was; the next rebuild begins anew and drops what is left of it.
/// </summary>
internal sealed class ViewRebuild(NpgsqlDataSource database, ViewTables tables, Folding folding, Swap swap, RebuildLog log, TimeProvider clock)
{
    private static readonly TimeSpan PatienceWithAnother = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly PostgresDistributedLock alone = new(new PostgresAdvisoryLockKey("leadsync.rebuild", allowHashing: true), database);

    /// <returns>What came of it; null when another process is at this very rebuild, which will say.</returns>
    /// <exception cref="RebuildRefusedException">It cannot be made.</exception>
    public async Task<ViewRebuilt?> Run(RebuildView order, RebuildProgress progress, CancellationToken ct)
    {
        await using var held = await alone.TryAcquireAsync(PatienceWithAnother, ct);
        if (held is null)
        {
            return await log.IsUnderWay(order.RebuildId, ct)
                ? null
                : throw new RebuildRefusedException("Another rebuild is running: wait until it is done, then order this one again");
        }

        try
        {
            if (await log.SwappedAt(order.RebuildId, ct) is null)
                await Build(order, progress, ct);
            return await Finish(order, ct);
        }
        catch (PostgresException e) when (!e.IsTransient)
        {
            // Its message may hold lead data.
            throw await Failed(order, $"PostgreSQL refused a statement of the rebuild with SQLSTATE {e.SqlState}", ct);
        }
    }

    private async Task<RebuildRefusedException> Failed(RebuildView order, string reason, CancellationToken ct)
    {
        await log.Fail(order.RebuildId, reason, ct);
        return new RebuildRefusedException(reason);
    }

    private async Task Build(RebuildView order, RebuildProgress progress, CancellationToken ct)
    {
        await log.Begin(order, ct);
        var replaced = await log.Replaced(ct);
        await tables.DropOthers(replaced?.Version.Number, ct);

        var work = new Work(order, progress, await tables.Served(ct));
        if (order.AsOf is { } moment)
            await BuildAsOf(work, moment, ct);
        else if (!order.Undo)
            await BuildNext(work, ct);
        else if (replaced is { } last)
            await Exchange(work, last.Version, last.Position, [Folding.Everything], ct);
        else
            throw await Failed(order, "There is nothing to undo: no rebuild has replaced the view yet", ct);
    }

    private async Task BuildNext(Work work, CancellationToken ct)
    {
        var position = await EventPosition.Settled(database, clock, ct);
        var version = await tables.Create(ct);
        var columns = await tables.Columns(ct);
        await Enter(work, "folding", ct);
        var suspicious = await folding.FoldAll(new EventFold(columns, version), null, work.Progress, ct);
        await Exchange(work, version, position, suspicious, ct);
    }

    private async Task BuildAsOf(Work work, DateTimeOffset moment, CancellationToken ct)
    {
        await EventPosition.Settled(database, clock, ct);
        var version = await tables.Create(ct);
        await Enter(work, "folding", ct);
        await folding.FoldAll(new EventFold(await tables.Columns(ct), version, UntilRecorded: true), moment, work.Progress, ct);
        await Enter(work, "indexing", ct);
        await tables.Index(version, ct);
        await tables.NameAsOf(version, moment, ct);
    }

    /// <param name="position">The version has every event up to here.</param>
    /// <param name="suspicious">Where it may differ from the view that is read.</param>
    private async Task Exchange(Work work, ViewVersion version, long position, IReadOnlyList<LeadRange> suspicious, CancellationToken ct)
    {
        await Enter(work, "indexing", ct);
        await tables.Index(version, ct);

        await Enter(work, "comparing", ct);
        var comparedUpTo = position;
        (position, var columns) = await CatchUp(version, position, ct);
        await folding.Compare(work.Order.RebuildId, version, columns, suspicious, position, ct);

        await Enter(work, "waiting for readers", ct);
        await OpenTransactions.HaveEnded(database, clock, ct);
        while (true)
        {
            (position, columns) = await CatchUp(version, position, ct);
            switch (await swap.Try(work.Order.RebuildId, version, work.Served, columns, position, comparedUpTo, ct))
            {
                case SwapOutcome.Swapped:
                    return;
                case SwapOutcome.Busy:
                    await Task.Delay(Pause, clock, ct);
                    await tables.Index(version, ct);
                    break;
            }
        }
    }

    private async Task<(long Position, IReadOnlyList<Column> Columns)> CatchUp(ViewVersion version, long position, CancellationToken ct)
    {
        var settled = await EventPosition.Settled(database, clock, ct);
        var columns = await tables.Columns(ct);
        await tables.AddColumns(version, columns, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await Touched.Fold(connection, version, columns, await Touched.Since(connection, position, int.MaxValue, ct), ct);
        return (settled, columns);
    }

    private async Task<ViewRebuilt> Finish(RebuildView order, CancellationToken ct)
    {
        var table = order.AsOf is { } moment ? $"legacy.{ViewVersion.AsOf("leads", moment)}" : "legacy.leads";
        await tables.DropOthers((await log.Replaced(ct))?.Version.Number, ct);
        await using var command = database.CreateCommand($"select count(*) from {table}");
        var rows = (long)(await command.ExecuteScalarAsync(ct))!;
        var differences = await Differences.Count(database, order.RebuildId, ct);
        var rebuilt = new ViewRebuilt(order.RebuildId, table, rows, differences, await log.SwappedAt(order.RebuildId, ct));
        await log.Finish(rebuilt, ct);
        return rebuilt;
    }

    private async Task Enter(Work work, string phase, CancellationToken ct)
    {
        work.Progress.Enter(phase);
        await log.Enter(work.Order.RebuildId, phase, ct);
    }

    private sealed record Work(RebuildView Order, RebuildProgress Progress, ViewVersion Served);
}
