using LeadSync.ZohoSimulator.BulkRead;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Watch;
using LeadSync.ZohoSimulator.Watch.Deliveries;

namespace LeadSync.ZohoSimulator.Control;

/// <summary><c>GET /control/statistics</c>.</summary>
internal sealed class StatisticsEndpoint(
    Statistics statistics, Credits credits, Concurrency concurrency, DeliveryQueue queue, Channels channels, BulkJobs jobs, LeadStore store,
    VirtualClock clock, UserTime time)
{
    public IResult Get() => ZohoJson.Answer(new
    {
        now = time.Write(clock.GetUtcNow()),
        leads = Enumerable.Range(0, store.Leads.Count).CountBy(slot => $"{store.Leads[slot].State}").ToDictionary(),
        credits = new { lastDay = credits.Used, total = credits.Total },
        mostCallsAtOnce = concurrency.Highest,
        calls = statistics.Calls,
        counts = statistics.Counts,
        deliveriesWaiting = queue.Count,
        channels = channels.Alive.Select(Describe),
        bulkJobs = jobs.All.OrderBy(job => job.Id).Select(Describe),
    });

    private object Describe(Subscription one) => new
    {
        one.ChannelId,
        Module = one.Module.Name,
        Expires = time.Write(one.Expires),
        NotifyUrl = one.NotifyUrl.GetLeftPart(UriPartial.Path),
    };

    private static object Describe(BulkJob job) =>
        new { job.Id, job.Version, job.Page, job.State, Damage = $"{job.Damage}", Rows = job.Rows?.Leads.Count };
}
