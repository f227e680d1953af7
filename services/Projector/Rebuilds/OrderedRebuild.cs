using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Projector.Rebuilds;

/// <summary>Rebuilds the view at the scheduler's command, and reports progress and outcome.</summary>
internal sealed class OrderedRebuild(ViewRebuild rebuild, ViewTables tables, MisfitValues misfits, Publish publish, TimeProvider clock)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(2);

    public async Task Run(RebuildView order, CancellationToken stop)
    {
        var progress = new RebuildProgress(clock);
        // A report that cannot be published must not stop the rebuild.
        await using var reporting = clock.CreateTimer(_ => _ = Report(order, progress, stop), null, ReportInterval, ReportInterval);
        try
        {
            if (await rebuild.Run(order, progress, stop) is { } rebuilt)
            {
                if (order.Retype is { } field)
                    await misfits.ForgetShown(field, stop);
                await Report(order, progress, stop);
                await publish(rebuilt, stop);
                if (rebuilt.SwappedAt is not null)
                    await tables.Analyze(stop);
            }
        }
        catch (RebuildRefusedException e)
        {
            await publish(new ViewRebuildFailed(order.RebuildId, e.Message), stop);
        }
    }

    private Task Report(RebuildView order, RebuildProgress progress, CancellationToken ct) => publish(
        new ViewRebuildProgressed(order.RebuildId, progress.Phase, progress.Done, progress.Total, progress.PerSecond, clock.GetUtcNow()),
        ct);
}
