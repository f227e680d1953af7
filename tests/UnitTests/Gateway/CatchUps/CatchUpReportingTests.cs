using LeadSync.Contracts;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho.Calls;
using Microsoft.Extensions.Logging.Abstractions;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.CatchUps;

public sealed class CatchUpReportingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly FakeZoho zoho = new();
    private readonly List<object> published = [];
    private readonly CatchUpReporting reporting;

    public CatchUpReportingTests() => reporting = new CatchUpReporting(
        new CatchUpReading(zoho, zoho, zoho.Records, zoho.Catalog, new ZohoClock(zoho.Time), NullLogger<CatchUpReading>.Instance),
        new LeadParking(new NoParking(), NullLogger<LeadParking>.Instance), new NothingHeard(), Publish, zoho.Time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_catch_up_that_waited_in_its_queue_stops_when_the_scheduler_gives_it_up()
    {
        var catchUp = CatchUp() with { NotAfter = Start.AddMinutes(1) };
        SlowPages(TimeSpan.FromMinutes(2));

        await reporting.Report(catchUp, wasBegun: false, Stop);

        published.ShouldHaveSingleItem().ShouldBeOfType<CatchUpFailed>().CatchUpId.ShouldBe(catchUp.CatchUpId);
    }

    [Fact]
    public async Task a_catch_up_that_publishes_pages_in_time_goes_on_for_longer_than_the_patience_for_one()
    {
        SlowPages(TimeSpan.FromMinutes(2));

        await reporting.Report(CatchUp() with { NotAfter = Start + Patience }, wasBegun: false, Stop);

        published[^1].ShouldBeOfType<CatchUpRead>().Leads.ShouldBe(600);
    }

    [Fact]
    public async Task a_clock_that_is_fast_by_hours_does_not_stop_every_catch_up()
    {
        SlowPages(TimeSpan.FromMinutes(2));

        await reporting.Report(CatchUp() with { NotAfter = Start.AddHours(-3) }, wasBegun: false, Stop);

        published[^1].ShouldBeOfType<CatchUpRead>();
    }

    [Fact]
    public async Task the_next_catch_up_stops_the_one_before_and_does_not_wait_for_it()
    {
        var (first, second) = (CatchUp(), CatchUp());
        SlowPages(TimeSpan.Zero);
        Task? next = null;
        zoho.OnCall = call =>
        {
            if (call.StartsWith("list", StringComparison.Ordinal))
                next ??= reporting.Report(second, wasBegun: false, Stop);
        };

        await reporting.Report(first, wasBegun: false, Stop);
        await next!;

        published.OfType<CatchUpFailed>().ShouldHaveSingleItem().CatchUpId.ShouldBe(first.CatchUpId);
        published.OfType<CatchUpPageReady>().ShouldAllBe(page => page.CatchUpId == second.CatchUpId);
        published.OfType<CatchUpRead>().ShouldHaveSingleItem().CatchUpId.ShouldBe(second.CatchUpId);
    }

    [Fact]
    public async Task a_command_that_arrives_twice_is_carried_out_once()
    {
        var catchUp = CatchUp();

        for (var time = 0; time < 2; time++)
            await reporting.Report(catchUp, wasBegun: false, Stop);

        published.ShouldHaveSingleItem().ShouldBeOfType<CatchUpRead>();
    }

    [Fact]
    public async Task a_command_that_is_delivered_again_while_it_is_still_carried_out_fails_nothing()
    {
        var catchUp = CatchUp();
        SlowPages(TimeSpan.Zero);
        Task? again = null;
        zoho.OnCall = call =>
        {
            if (call.StartsWith("list", StringComparison.Ordinal))
                again ??= reporting.Report(catchUp, wasBegun: true, Stop);
        };

        await reporting.Report(catchUp, wasBegun: false, Stop);
        await again!;

        published.ShouldNotContain(message => message is CatchUpFailed);
        published[^1].ShouldBeOfType<CatchUpRead>();
    }

    [Fact]
    public async Task a_command_that_is_delivered_again_after_a_crash_has_failed()
    {
        await reporting.Report(CatchUp(), wasBegun: true, Stop);

        published.ShouldHaveSingleItem().ShouldBeOfType<CatchUpFailed>();
    }

    [Fact]
    public async Task a_modified_lead_that_zoho_shows_nowhere_is_announced_again_in_a_few_seconds()
    {
        zoho.Leads["1"] = Lead("1", Start);
        zoho.OnCall = call => { if (call.StartsWith("list", StringComparison.Ordinal)) zoho.Leads.Clear(); };

        await reporting.Report(CatchUp(), wasBegun: false, Stop);

        var again = published.OfType<LookAgainInQuestion>().ShouldHaveSingleItem();
        again.DueAt.ShouldBe(Start.AddSeconds(3));
        var announcement = again.Question.Announcement;
        (announcement.Ids.Single(), announcement.Source, announcement.Attempt).ShouldBe(("1", Source.CatchUp, 1));
    }

    private static CatchUp CatchUp() => new(Guid.NewGuid(), Start.AddHours(-1), Patience: Patience);

    // Three pages. Each takes this long.
    private void SlowPages(TimeSpan each)
    {
        foreach (var number in Enumerable.Range(1, 600))
            zoho.Leads[$"{number}"] = Lead($"{number}", Start.AddHours(-1).AddSeconds(number));
        var lists = 0;
        zoho.OnCall = call =>
        {
            if (call.StartsWith("list", StringComparison.Ordinal) && lists++ % 4 == 0)
                zoho.Time.Advance(each);
        };
    }

    private Task Publish(object message, CancellationToken ct)
    {
        lock (published)
            published.Add(message);
        return Task.CompletedTask;
    }
}
