using LeadSync.Contracts;
using MassTransit;
using Npgsql;

namespace LeadSync.Projector.Rebuilds;

/// <summary>Rebuilds the view when the scheduler says so, and reports how far it is and what came of it.</summary>
internal sealed class RebuildViewConsumer(ViewRebuild rebuild, RebuildLog log, IBus bus, TimeProvider clock) : IConsumer<RebuildView>
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(2);

    public async Task Consume(ConsumeContext<RebuildView> context)
    {
        var (order, stop) = (context.Message, context.CancellationToken);
        var progress = new RebuildProgress(clock);
        try
        {
            var running = rebuild.Run(order, progress, stop);
            while (await Task.WhenAny(running, Task.Delay(ReportInterval, clock, stop)) != running)
                await Report(order, progress, stop);

            if (await running is { } rebuilt)
            {
                await Report(order, progress, stop);
                await bus.Publish(rebuilt, stop);
            }
        }
        catch (Exception e) when (e is RebuildRefusedException or PostgresException { IsTransient: false })
        {
            var reason = e is PostgresException refused ? $"PostgreSQL refused a statement of the rebuild with SQLSTATE {refused.SqlState}" : e.Message;
            await log.Fail(order.RebuildId, reason, stop);
            await bus.Publish(new ViewRebuildFailed(order.RebuildId, reason), stop);
        }
    }

    private Task Report(RebuildView order, RebuildProgress progress, CancellationToken ct) => bus.Publish(
        new ViewRebuildProgressed(order.RebuildId, progress.Phase, progress.Done, progress.Total, progress.PerSecond, clock.GetUtcNow()), ct);
}

internal sealed class RebuildViewConsumerDefinition : ConsumerDefinition<RebuildViewConsumer>
{
    public RebuildViewConsumerDefinition() => ConcurrentMessageLimit = 1;
}
