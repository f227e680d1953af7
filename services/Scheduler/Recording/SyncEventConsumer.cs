using LeadSync.Contracts;
using MassTransit;

namespace LeadSync.Scheduler.Recording;

/// <summary>Records the messages of the gateway and the projector unchanged. The plan decides what follows from them.</summary>
internal sealed class SyncEventConsumer(ISyncLog log) :
    IConsumer<ChannelRenewed>, IConsumer<ChannelRenewalFailed>, IConsumer<ChannelConfirmed>, IConsumer<ChannelLost>,
    IConsumer<BulkJobCreated>, IConsumer<BulkJobCalledBack>, IConsumer<BulkPageReady>, IConsumer<BulkJobFailed>,
    IConsumer<BulkPageProjected>, IConsumer<BulkPageRejected>, IConsumer<LeadsCompared>,
    IConsumer<ViewRebuildProgressed>, IConsumer<ViewRebuilt>, IConsumer<ViewRebuildFailed>,
    IConsumer<CatchUpPageProjected>, IConsumer<CatchUpRead>, IConsumer<CatchUpTooLarge>, IConsumer<CatchUpFailed>,
    IConsumer<GapDetected>, IConsumer<CreditsCounted>
{
    public Task Consume(ConsumeContext<ChannelRenewed> context) => Record(context);

    public Task Consume(ConsumeContext<ChannelRenewalFailed> context) => Record(context);

    public Task Consume(ConsumeContext<ChannelConfirmed> context) => Record(context);

    public Task Consume(ConsumeContext<ChannelLost> context) => Record(context);

    public Task Consume(ConsumeContext<BulkJobCreated> context) => Record(context);

    public Task Consume(ConsumeContext<BulkJobCalledBack> context) => Record(context);

    public Task Consume(ConsumeContext<BulkPageReady> context) => Record(context);

    public Task Consume(ConsumeContext<BulkJobFailed> context) => Record(context);

    public Task Consume(ConsumeContext<BulkPageProjected> context) => Record(context);

    public Task Consume(ConsumeContext<BulkPageRejected> context) => Record(context);

    public Task Consume(ConsumeContext<LeadsCompared> context) => Record(context);

    public Task Consume(ConsumeContext<ViewRebuildProgressed> context) => Record(context);

    public Task Consume(ConsumeContext<ViewRebuilt> context) => Record(context);

    public Task Consume(ConsumeContext<ViewRebuildFailed> context) => Record(context);

    public Task Consume(ConsumeContext<CatchUpPageProjected> context) => Record(context);

    public Task Consume(ConsumeContext<CatchUpRead> context) => Record(context);

    public Task Consume(ConsumeContext<CatchUpTooLarge> context) => Record(context);

    public Task Consume(ConsumeContext<CatchUpFailed> context) => Record(context);

    public Task Consume(ConsumeContext<GapDetected> context) => Record(context);

    public Task Consume(ConsumeContext<CreditsCounted> context) => Record(context);

    private Task Record<T>(ConsumeContext<T> context)
        where T : class => log.Record([context.Message], context.CancellationToken);
}
