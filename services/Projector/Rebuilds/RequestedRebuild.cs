using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Projector.Rebuilds;

/// <summary>Rebuilds the view at the scheduler's command, and reports progress and outcome.</summary>
internal sealed class RequestedRebuild(ViewRebuild rebuild, ViewTables tables, MisfitValues misfits, Publish publish, TimeProvider clock)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(2);

    public async Task Run(RebuildView command, CancellationToken ct)
    {
        var progress = new RebuildProgress(clock);
        // A report that cannot be published must not stop the rebuild.
        await using var reporting = clock.CreateTimer(_ => _ = Report(command, progress, ct), null, ReportInterval, ReportInterval);
        try
        {
            if (await rebuild.Run(command, progress, ct) is { } rebuilt)
            {
                if (command.Retype is { } field)
                    await misfits.ForgetShown(field, ct);
                await Report(command, progress, ct);
                await publish(rebuilt, ct);
                if (rebuilt.SwappedAt is not null)
                    await tables.Analyze(ct);
            }
        }
        catch (RebuildRefusedException e)
        {
            await publish(new ViewRebuildFailed(command.RebuildId, e.Message), ct);
        }
    }

    private Task Report(RebuildView command, RebuildProgress progress, CancellationToken ct) => publish(
        new ViewRebuildProgressed(command.RebuildId, progress.Phase, progress.Done, progress.Total, progress.PerSecond, clock.GetUtcNow()),
        ct);
}
