using LeadSync.Contracts;
using MassTransit;

namespace LeadSync.Gateway.BulkReads;

internal sealed class StartBulkReadConsumer(BulkReading reading) : IConsumer<StartBulkRead>
{
    public async Task Consume(ConsumeContext<StartBulkRead> context) =>
        await context.Publish(await reading.Start(context.Message, context.CancellationToken), context.CancellationToken);
}
