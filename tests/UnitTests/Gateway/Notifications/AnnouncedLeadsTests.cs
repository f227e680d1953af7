using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Calls;
using Microsoft.Extensions.Logging.Abstractions;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Notifications;

public sealed class AnnouncedLeadsTests : IDisposable
{
    private readonly FakeZoho zoho = new();
    private readonly List<object> published = [];
    private readonly AnnouncedLeads leads;

    public AnnouncedLeadsTests()
    {
        var parking = new LeadParking(new NoParking(), NullLogger<LeadParking>.Instance);
        leads = new AnnouncedLeads(
            new Hydration(zoho, zoho.Records), parking, Publish, new ZohoClock(zoho.Time), zoho.Time, NullLogger<AnnouncedLeads>.Instance);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => leads.Dispose();

    [Fact]
    public async Task an_outage_of_zoho_under_load_is_told_now_and_then_and_always_covers_what_was_announced()
    {
        zoho.OnCall = _ => throw Outage();
        for (var second = 0; second < 180; second++)
        {
            zoho.Time.Advance(TimeSpan.FromSeconds(1));
            await leads.Hydrate(new LeadsAnnounced([$"{second}"], Source.Notification, zoho.Time.GetUtcNow()), traceParent: null, Stop);
            published.OfType<GapDetected>().Last().To.ShouldBeGreaterThanOrEqualTo(zoho.Time.GetUtcNow());
        }

        published.Count.ShouldBeInRange(10, 13);
        published.Cast<GapDetected>().Select(gap => gap.Cause).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(Source.FullComparison)]
    [InlineData(Source.CatchUp)]
    public async Task what_nobody_waits_for_goes_to_a_queue_of_its_own(Source source)
    {
        var announcement = new LeadsAnnounced(["1"], source, Start);
        await leads.Hydrate(announcement, traceParent: null, Stop);

        published.ShouldBe([new LeadsInQuestion(announcement)]);
        zoho.Calls.ShouldBeEmpty();

        zoho.Leads["1"] = Lead("1", Start);
        await leads.HydrateInQuestion(announcement, traceParent: null, Stop);
        published[^1].ShouldBeOfType<LeadsReread>();
    }

    private Task Publish(object message, CancellationToken ct)
    {
        published.Add(message);
        return Task.CompletedTask;
    }
}
