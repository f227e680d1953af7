using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using MassTransit;

namespace LeadSync.Gateway.CatchUps;

/// <remarks>Published by the bus for the same reason as in <see cref="Notifications.LeadsAnnouncedConsumer"/>.</remarks>
internal sealed class CatchUpConsumer(CatchUpReading reading, ParkedLeads parked, IBus bus) : IConsumer<CatchUp>
{
    public async Task Consume(ConsumeContext<CatchUp> context)
    {
        try
        {
            await foreach (var found in reading.Read(context.Message, context.CancellationToken))
                await (found is OddLead odd ? parked.Park(odd, context.CancellationToken) : bus.Publish(found, context.CancellationToken));
        }
        catch (ZohoException e)
        {
            await bus.Publish(new CatchUpFailed(context.Message.CatchUpId, e.Message), context.CancellationToken);
        }
    }
}

internal sealed class CatchUpConsumerDefinition : ConsumerDefinition<CatchUpConsumer>
{
    // One after the other: each may take a good part of the calls that Zoho allows.
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<CatchUpConsumer> consumer, IRegistrationContext context) =>
        endpoint.PrefetchCount = 1;
}
