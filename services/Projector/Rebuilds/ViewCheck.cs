using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Shutdown;
using Medallion.Threading.Postgres;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>
/// Once a day, compares the served rows with the events, range by range. Lists differences in <c>projector.rebuild_differences</c>, and
/// corrects the rows. Does not call Zoho. Finds every row that another program changed, and every missing row.
/// </summary>
internal sealed partial class ViewCheck(
    [FromKeyedServices(PostgresSettings.LongWork)] NpgsqlDataSource database, RebuildRanges ranges, ViewTables tables, RebuildLog log,
    LeadFold fold, Module module,
    TimeProvider clock, ILogger<ViewCheck> logger) : BackgroundService
{
    private const int MendedAtOnce = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    private readonly PostgresDistributedLock alone = new(
        new PostgresAdvisoryLockKey($"{module.RebuildLock}.check", allowHashing: true), database);

    /// <summary>Checks the view now.</summary>
    /// <returns>The number of leads that differed from the events.</returns>
    public async Task<long> Check(CancellationToken ct)
    {
        var (check, differences) = (Guid.NewGuid(), 0L);
        await log.BeginCheck(check, ct);
        var columns = await tables.Columns(ct);
        foreach (var range in await ranges.All(ct))
        {
            var found = await ranges.Check(columns, range, ct);
            if (found.Count == 0)
                continue;

            differences += found.Count;
            await log.Checked(check, found, ct);
            foreach (var ids in found.Select(row => row.Id).Distinct().Chunk(MendedAtOnce))
                await fold.Restore(ids, ct);
        }

        await log.FinishCheck(check, differences, ct);
        if (differences > 0)
            Mended(differences, module.View);
        return differences;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            try
            {
                if (await log.WasCheckedWithin(Interval, stoppingToken))
                    continue;

                await using var held = await alone.TryAcquireAsync(TimeSpan.Zero, stoppingToken);
                if (held is not null && !await log.WasCheckedWithin(Interval, stoppingToken))
                    await Check(stoppingToken);
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                NotChecked(e.GetType().Name);
            }
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "{Differences} rows of legacy.{View} differed from the events. The projector corrected them: see projector.rebuild_differences")]
    private partial void Mended(long differences, string view);

    [LoggerMessage(LogLevel.Warning, "The projector could not compare the view with its events, and tries again in ten minutes: {Failure}")]
    private partial void NotChecked(string failure);
}
