using LeadSync.Contracts;
using LeadSync.Projector.BulkPages;
using LeadSync.Projector.CatchUps;
using LeadSync.Projector.Feed;
using LeadSync.Projector.FullComparisons;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.Projector.Privacy;
using LeadSync.Projector.Rebuilds;
using MassTransit;

namespace LeadSync.Projector.Bus;

// MassTransit calls these classes. Each gives a queue its name, and passes its messages on to a plain class.
// MassTransit acknowledges a message when that call has ended.

internal sealed class LeadsChangedConsumer(LiveChanges changes) : IConsumer<LeadsChanged>
{
    public Task Consume(ConsumeContext<LeadsChanged> context) =>
        changes.Fold(context.Message.Leads, context.SentTime, context.CancellationToken);
}

internal sealed class LeadsChangedConsumerDefinition : ConsumerDefinition<LeadsChangedConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LeadsChangedConsumer> consumer, IRegistrationContext context) =>
        // Enough for the next batch, which gathers while this one is folded.
        endpoint.PrefetchCount = 2 * LiveChanges.ConcurrentBatches * LiveChanges.MessagesPerBatch;
}

/// <summary>
/// Single changes, as gateways of the version before publish them: an upgrade finds some in the queue.
/// </summary>
internal sealed class LeadChangedConsumer(LiveChanges changes) : IConsumer<LeadChanged>
{
    public Task Consume(ConsumeContext<LeadChanged> context) =>
        changes.Fold([context.Message], context.SentTime, context.CancellationToken);
}

/// <summary>Leads that nobody waits for have a queue of their own, so that live changes never wait behind them.</summary>
internal sealed class LeadsRereadConsumer(LiveChanges changes) : IConsumer<LeadsReread>
{
    public Task Consume(ConsumeContext<LeadsReread> context) => changes.FoldReread(context.Message.Leads, context.CancellationToken);
}

internal sealed class LeadsRereadConsumerDefinition : ConsumerDefinition<LeadsRereadConsumer>
{
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<LeadsRereadConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = 2;
}

internal sealed class BulkPageReadyConsumer(ReadyPages pages) : IConsumer<BulkPageReady>
{
    public Task Consume(ConsumeContext<BulkPageReady> context) => pages.Project(context.Message, context.CancellationToken);
}

/// <summary>One page at a time: a page fills both cores, and its file is on this replica's disk.</summary>
internal sealed class BulkPageReadyConsumerDefinition : ConsumerDefinition<BulkPageReadyConsumer>
{
    public BulkPageReadyConsumerDefinition() => ConcurrentMessageLimit = 1;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<BulkPageReadyConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = 1;
}

internal sealed class CatchUpPageReadyConsumer(CatchUpPages pages) : IConsumer<CatchUpPageReady>
{
    public Task Consume(ConsumeContext<CatchUpPageReady> context) => pages.Project(context.Message, context.CancellationToken);
}

internal sealed class CompareLeadsConsumer(
    FullComparison comparison, ViewTables tables) : IConsumer<CompareLeads>, IConsumer<AnnounceMissing>
{
    public async Task Consume(ConsumeContext<CompareLeads> context)
    {
        await comparison.Compare(context.Message, context.CancellationToken);
        // Every lead was read. After the first read, PostgreSQL has no statistics of the view yet.
        await tables.AnalyzeGrown(context.CancellationToken);
    }

    public Task Consume(ConsumeContext<AnnounceMissing> context) => comparison.Release(context.Message, context.CancellationToken);
}

/// <summary>One at a time: a repeated command finds the answer to the first.</summary>
internal sealed class CompareLeadsConsumerDefinition : ConsumerDefinition<CompareLeadsConsumer>
{
    public CompareLeadsConsumerDefinition() => ConcurrentMessageLimit = 1;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<CompareLeadsConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = 1;
}

internal sealed class RebuildViewConsumer(RequestedRebuild rebuild) : IConsumer<RebuildView>
{
    public Task Consume(ConsumeContext<RebuildView> context) => rebuild.Run(context.Message, context.CancellationToken);
}

internal sealed class RebuildViewConsumerDefinition : ConsumerDefinition<RebuildViewConsumer>
{
    public RebuildViewConsumerDefinition() => ConcurrentMessageLimit = 1;
}

internal sealed class ForgetLeadConsumer(Forgetting forgetting) : IConsumer<ForgetLead>
{
    public Task Consume(ConsumeContext<ForgetLead> context) => forgetting.Forget(context.Message, context.CancellationToken);
}

internal sealed class ReplayChangesConsumer(WebhookProgress progress) : IConsumer<ReplayChanges>
{
    public Task Consume(ConsumeContext<ReplayChanges> context) => progress.Want(context.CancellationToken);
}
