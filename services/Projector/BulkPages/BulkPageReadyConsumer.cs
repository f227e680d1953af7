using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;
using MassTransit;

namespace LeadSync.Projector.BulkPages;

/// <summary>
/// Fetches a bulk page through the gateway and folds it; says so, or says why it cannot be used. Leads that it shows although they were found gone
/// meanwhile are announced: Zoho is asked whether they were restored.
/// </summary>
internal sealed class BulkPageReadyConsumer(GatewayClient gateway, LegacyColumns columns, PageProjection projection, IBus bus, TimeProvider clock)
    : IConsumer<BulkPageReady>
{
    private const int AnnouncedAtOnce = 50;

    public async Task Consume(ConsumeContext<BulkPageReady> context)
    {
        var page = context.Message;
        try
        {
            var fields = await columns.For(page.FieldSet, context.CancellationToken);
            await using var zip = await gateway.OpenBulkRead(page.JobId, context.CancellationToken);
            await using var file = await PageFile.Keep(zip, context.CancellationToken);
            var outcome = await projection.Project(page, file, fields, context.CancellationToken);
            foreach (var ids in outcome.Contradicting.Chunk(AnnouncedAtOnce))
                await bus.Publish(new LeadsAnnounced(ids, Source.BulkPage, clock.GetUtcNow()), context.CancellationToken);
            await bus.Publish(
                new BulkPageProjected(page.RunId, page.Page, page.JobId, outcome.Applied, outcome.Unchanged, outcome.Parked),
                context.CancellationToken);
        }
        catch (PageRejectedException e)
        {
            await bus.Publish(new BulkPageRejected(page.RunId, page.Page, page.JobId, e.Message), context.CancellationToken);
        }
    }
}

/// <summary>One page at a time: a page fills both cores, and its file is on this replica's disk.</summary>
internal sealed class BulkPageReadyConsumerDefinition : ConsumerDefinition<BulkPageReadyConsumer>
{
    public BulkPageReadyConsumerDefinition() => ConcurrentMessageLimit = 1;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<BulkPageReadyConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = 1;
}
