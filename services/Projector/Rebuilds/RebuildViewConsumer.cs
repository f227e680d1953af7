using LeadSync.Contracts;
using MassTransit;

namespace LeadSync.Projector.Rebuilds;

/// <summary>Rebuilds the view when the scheduler says so, and reports how far it is and what came of it.</summary>
internal sealed class RebuildViewConsumer(ViewRebuild rebuild, ViewTables tables, IBus bus, TimeProvider clock) : IConsumer<RebuildView>
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(2);

    public async Task Consume(ConsumeContext<RebuildView> context)
    {
        var (order, stop) = (context.Message, context.CancellationToken);
        var progress = new RebuildProgress(clock);
        // In passing: a report that cannot be published keeps the rebuild from nothing.
        await using var reporting = clock.CreateTimer(_ => _ = Report(order, progress, stop), null, ReportInterval, ReportInterval);
        try
        {
            if (await rebuild.Run(order, progress, stop) is { } rebuilt)
            {
                await Report(order, progress, stop);
                await bus.Publish(rebuilt, stop);
                if (rebuilt.SwappedAt is not null)
                    await tables.Analyze(stop);
            }
        }
        catch (RebuildRefusedException e)
        {
            await bus.Publish(new ViewRebuildFailed(order.RebuildId, e.Message), stop);
        }
    }

    private Task Report(RebuildView order, RebuildProgress progress, CancellationToken ct) => bus.Publish(
        new ViewRebuildProgressed(order.RebuildId, progress.Phase, progress.Done, progress.Total, progress.PerSecond, clock.GetUtcNow()), ct);
}

internal sealed class RebuildViewConsumerDefinition : ConsumerDefinition<RebuildViewConsumer>
{
    public RebuildViewConsumerDefinition() => ConcurrentMessageLimit = 1;
}
