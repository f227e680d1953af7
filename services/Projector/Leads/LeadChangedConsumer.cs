using LeadSync.Contracts;
using MassTransit;

namespace LeadSync.Projector.Leads;

/// <summary>Folds changes that come one by one, as gateways of the version before publish them: during an upgrade, and from what it found in the queue.</summary>
internal sealed class LeadChangedConsumer(LeadsChangedConsumer together) : IConsumer<LeadChanged>
{
    public Task Consume(ConsumeContext<LeadChanged> context) => together.Fold([context.Message], context);
}
