using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using MassTransit;

namespace LeadSync.Gateway.CatchUps;

/// <remarks>Published by the bus for the same reason as in <see cref="Notifications.LeadsAnnouncedConsumer"/>.</remarks>
internal sealed class CatchUpConsumer(CatchUpReading reading, OddLeads oddLeads, LastHeard lastHeard, IBus bus) : IConsumer<CatchUp>
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
            var heardAt = await lastHeard.Read(context.CancellationToken);
            await foreach (var found in reading.Read(context.Message, context.CancellationToken))
            {
                await (found switch
                {
                    OddLead odd => oddLeads.Park([odd], "catch-up", context.CancellationToken),
                    CatchUpRead read => bus.Publish(read with { HeardAt = heardAt }, context.CancellationToken),
                    CatchUpTooLarge large => bus.Publish(large with { HeardAt = heardAt }, context.CancellationToken),
                    _ => bus.Publish(found, context.CancellationToken),
                });
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
