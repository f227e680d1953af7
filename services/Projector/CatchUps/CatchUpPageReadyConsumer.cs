using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using MassTransit;

namespace LeadSync.Projector.CatchUps;

/// <summary>Folds a page of a catch-up; the scheduler's last good time waits for the answer.</summary>
internal sealed class CatchUpPageReadyConsumer(LeadProjection projection, ChangeLatency latency, IBus bus) : IConsumer<CatchUpPageReady>
{
    public async Task Consume(ConsumeContext<CatchUpPageReady> context)
    {
        var page = context.Message;
        var trace = Activity.Current?.Context ?? default;
        var outcome = await projection.Project(
            [.. page.Leads.Select(lead => (lead, trace))], $"catch-up {page.CatchUpId}", context.CancellationToken);
        latency.Note([.. page.Leads.Applied(outcome)]);
        await bus.Publish(new CatchUpPageProjected(page.CatchUpId, page.Page), context.CancellationToken);
    }
}
