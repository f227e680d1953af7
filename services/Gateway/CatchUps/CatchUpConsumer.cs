using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using MassTransit;

namespace LeadSync.Gateway.CatchUps;

/// <remarks>Published by the bus for the same reason as in <see cref="Notifications.LeadsAnnouncedConsumer"/>.</remarks>
internal sealed class CatchUpConsumer(CatchUpReading reading, OddLeads oddLeads, IBus bus) : IConsumer<CatchUp>
{
    public async Task Consume(ConsumeContext<CatchUp> context)
    {
        // Begun a second time it would publish two readings under one id, and the pages of one could be taken for those of the other.
        if (context.ReceiveContext.Redelivered || context.GetRetryAttempt() > 0)
        {
            await bus.Publish(new CatchUpFailed(context.Message.CatchUpId, "The catch-up broke off half way."), context.CancellationToken);
            return;
        }

        try
        {
            await foreach (var found in reading.Read(context.Message, context.CancellationToken))
            {
                await (found is OddLead odd
                    ? oddLeads.Park([odd], "catch-up", context.CancellationToken)
                    : bus.Publish(found, context.CancellationToken));
            }
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
