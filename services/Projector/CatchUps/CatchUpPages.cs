using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Projector.CatchUps;

/// <summary>Folds pages of catch-ups; the scheduler's last good time waits for the answers.</summary>
internal sealed class CatchUpPages(ILeadProjection projection, ChangeLatency latency, Publish publish)
{
    public async Task Project(CatchUpPageReady page, CancellationToken ct)
    {
        var trace = Activity.Current?.Context ?? default;
        var outcome = await projection.Project([.. page.Leads.Select(lead => (lead, trace))], $"catch-up {page.CatchUpId}", ct);
        latency.Note([.. page.Leads.Applied(outcome)]);
        await publish(new CatchUpPageProjected(page.CatchUpId, page.Page), ct);
    }
}
