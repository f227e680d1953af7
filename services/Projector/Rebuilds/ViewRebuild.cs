using LeadSync.Contracts;
using LeadSync.Projector.EventTables;
using LeadSync.Projector.Feed;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Database;
using Medallion.Threading.Postgres;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>
/// Builds a second view from the events, compares it with the served one, and exchanges the two. If a rebuild ends early, the served view
/// stays as it was, and the next rebuild drops what is left of the first.
/// </summary>
internal sealed class ViewRebuild(
    [FromKeyedServices(PostgresSettings.LongWork)] NpgsqlDataSource database, LegacyColumns legacy, ViewTables tables, RebuildRanges ranges,
    Swap swap, RebuildLog log,
    MissingChanges missing, Module module, TimeProvider clock)
{
    private static readonly TimeSpan PatienceWithAnother = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly PostgresDistributedLock alone = new(new PostgresAdvisoryLockKey(module.RebuildLock, allowHashing: true), database);

    /// <returns>The outcome; null when another process carries out this very rebuild, and will report.</returns>
    /// <exception cref="RebuildRefusedException">The rebuild is impossible.</exception>
    public async Task<ViewRebuilt?> Run(RebuildView command, RebuildProgress progress, CancellationToken ct)
    {
        // If the lock's connection breaks, another rebuild may drop this one's tables, and this one fails. A lock that watches its
        // connection would outlive a crash by half a minute.
        await using var held = await alone.TryAcquireAsync(PatienceWithAnother, ct);
        if (held is null)
        {
            return await log.IsUnderWay(command.RebuildId, ct)
                ? null
                : throw new RebuildRefusedException("Another rebuild is running: wait until it is done, then start this one again");
        }

        try
        {
            if (await log.SwappedAt(command.RebuildId, ct) is null)
                await Build(command, progress, ct);
            return await Finish(command, ct);
        }
        catch (RebuildRefusedException e)
        {
            await log.Fail(command.RebuildId, e.Message, ct);
            throw;
        }
        catch (PostgresException e) when (!e.IsTransient)
        {
            // Its message may hold lead data.
            var reason = e.SqlState == PostgresErrorCodes.QueryCanceled
                ? "PostgreSQL ended a statement of the rebuild, which may take long: let no statement_timeout apply to the projector"
                : $"PostgreSQL refused a statement of the rebuild with SQLSTATE {e.SqlState}";
            await log.Fail(command.RebuildId, reason, ct);
            throw new RebuildRefusedException(reason);
        }
    }

    private async Task Build(RebuildView command, RebuildProgress progress, CancellationToken ct)
    {
        await log.Begin(command, ct);
        await tables.RefuseReferences(ct);
        var replaced = await log.Replaced(ct);
        await tables.DropOthers(replaced?.Version.Number, ct);

        var retyped = command.Retype is { } field ? await Retype(field, progress, ct) : null;
        var work = new RebuildWork(command, progress, await tables.Served(ct), retyped);
        if (command.AsOf is { } moment)
            await BuildAsOf(work, moment, ct);
        else if (!command.Undo)
            await BuildNext(work, ct);
        else if (replaced is { } last)
            await Exchange(work, last.Version, last.Position, await ranges.All(ct), ct);
        else
            throw new RebuildRefusedException("There is nothing to undo: no rebuild has replaced the view yet");
    }

    private async Task<Column> Retype(string field, RebuildProgress progress, CancellationToken ct)
    {
        while (true)
        {
            if (await legacy.Retype(field, ct) is { } column)
                return column;

            progress.Enter("waiting for readers");
            await Task.Delay(Pause, clock, ct);
        }
    }

    private async Task BuildNext(RebuildWork work, CancellationToken ct)
    {
        var position = await EventPosition.Settled(database, module, clock, ct);
        var columns = await tables.Columns(ct);
        var version = await tables.Create(ct);
        await Enter(work, "folding", ct);
        var suspicious = await ranges.Fill(version, columns, null, work.Progress, ct);
        await Exchange(work, version, position, suspicious, ct);
    }

    private async Task BuildAsOf(RebuildWork work, DateTimeOffset moment, CancellationToken ct)
    {
        await tables.RefusePolicies(ct);
        await EventPosition.Settled(database, module, clock, ct);
        var columns = await tables.Columns(ct);
        var version = await tables.Create(ct);
        await Enter(work, "folding", ct);
        await ranges.Fill(version, columns, moment, work.Progress, ct);
        await Enter(work, "indexing", ct);
        await tables.Index(version, ct);
        // A person may be forgotten while events are read. The command to forget does not know this new table, so the rebuild removes the
        // person itself.
        await tables.Forget(version, moment, ct);
        await tables.NameAsOf(version, moment, ct);
    }

    /// <param name="position">The version has every event up to here.</param>
    /// <param name="suspicious">The ranges that may differ from the served view.</param>
    private async Task Exchange(
        RebuildWork work, ViewVersion version, long position, IReadOnlyList<LeadRange> suspicious, CancellationToken ct)
    {
        await Enter(work, "indexing", ct);
        await tables.Index(version, ct);

        await Enter(work, "comparing", ct);
        (position, var columns) = await CatchUp(work, version, position, ct);
        await ranges.Compare(work.Command.RebuildId, version, work.Compared(columns), suspicious, position, ct);

        await Enter(work, "waiting for readers", ct);
        await OpenTransactions.HaveEnded(database, clock, ct);
        while (true)
        {
            (position, columns) = await CatchUp(work, version, position, ct);
            switch (await swap.Try(work.Command.RebuildId, version, work.Served, columns, work.Compared(columns), position, ct))
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

    /// <summary>Folds and compares later changes, while readers and writers continue.</summary>
    private async Task<(long Position, IReadOnlyList<Column> Columns)> CatchUp(
        RebuildWork work, ViewVersion version, long position, CancellationToken ct)
    {
        var settled = await EventPosition.Settled(database, module, clock, ct);
        var columns = await tables.Columns(ct);
        // The version has no values yet for the columns that it gets now.
        var valuesAfter = await tables.AddColumns(version, columns, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        var streams = await RecordedEvents.StreamsAfter(connection, module, Math.Min(position, valuesAfter), int.MaxValue, ct);
        await ranges.Fill(connection, version, columns, streams, ct);
        await ranges.Compare(connection, work.Command.RebuildId, version, work.Compared(columns), streams, settled, ct);
        return (settled, columns);
    }

    private async Task<ViewRebuilt> Finish(RebuildView command, CancellationToken ct)
    {
        if (command is { Undo: false, AsOf: null })
            await missing.Publish(ct);
        var table = $"legacy.{(command.AsOf is { } moment ? ViewVersion.AsOf(module.View, moment) : module.View)}";
        await tables.DropOthers((await log.Replaced(ct))?.Version.Number, ct);
        var differences = await Differences.Count(database, module, command.RebuildId, ct);
        var rebuilt = new ViewRebuilt(
            command.RebuildId, table, await tables.Count(table, ct), differences, await log.SwappedAt(command.RebuildId, ct));
        await log.Finish(rebuilt, ct);
        return rebuilt;
    }

    private async Task Enter(RebuildWork work, string phase, CancellationToken ct)
    {
        work.Progress.Enter(phase);
        await log.Enter(work.Command.RebuildId, phase, ct);
    }

    /// <param name="Retyped">The new column, in which the two views cannot be compared.</param>
    private sealed record RebuildWork(RebuildView Command, RebuildProgress Progress, ViewVersion Served, Column? Retyped)
    {
        public IReadOnlyList<Column> Compared(IReadOnlyList<Column> columns) =>
            Retyped is null
                ? columns
                : [.. columns.Where(column => column.ApiName != Retyped.ApiName || column.SqlType != Retyped.SqlType)];
    }
}
