using LeadSync.Contracts;
using MassTransit;

namespace LeadSync.Gateway.BulkReads;

/// <remarks>Published by the bus for the same reason as in <see cref="Notifications.LeadsAnnouncedConsumer"/>.</remarks>
internal sealed class StartBulkReadConsumer(BulkReading reading, IBus bus) : IConsumer<StartBulkRead>
{
    public async Task Consume(ConsumeContext<StartBulkRead> context) =>
        await bus.Publish(await reading.Start(context.Message, context.CancellationToken), context.CancellationToken);
}
