using LeadSync.Contracts;
using LeadSync.Gateway;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Bus;
using LeadSync.Gateway.CatchUps;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Records;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults;
using LeadSync.UnitTests.Gateway.BulkReads;
using LeadSync.UnitTests.Scheduler;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSync.UnitTests.Gateway;

/// <summary>
/// Eight hours without a gateway: all commands of the plan wait in the queues until a gateway runs again.
/// </summary>
public sealed class CommandsOfANightTests
{
    private static readonly TimeSpan Night = TimeSpan.FromHours(8);

    private readonly FakeZoho zoho = new() { Job = new BulkJob("ADDED") };
    private readonly List<object> published = [];
    private readonly KeptChannel channel = new();
    private readonly KeptJobs jobs = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task commands_of_a_night_cost_at_most_one_renewal_one_job_and_one_catch_up()
    {
        // The plan renews a channel of nine hours during the night, and starts a comparison.
        var sync = PlannedSync.InSync(new() { FullComparisonInterval = TimeSpan.FromHours(2) });
        sync.Hear(new ChannelRenewed("1000", sync.Now.AddSeconds(1), sync.Now.AddHours(9), Reopened: false));
        channel.LastRenewal = new("1000", sync.Now.AddSeconds(1), sync.Now.AddHours(9), Reopened: false);
        var waiting = Sent(sync);
        waiting.OfType<RenewChannel>().Count().ShouldBeGreaterThan(50);
        waiting.OfType<CheckChannel>().Count().ShouldBeGreaterThan(150);
        waiting.OfType<CatchUp>().Count().ShouldBeGreaterThan(5);
        waiting.OfType<StartBulkRead>().Count().ShouldBeGreaterThan(20);
        zoho.Time.SetUtcNow(sync.Now);
        var clock = new ZohoClock(zoho.Time);
        clock.Observe(sync.Now, TimeSpan.Zero, sync.Now);
        zoho.WatchAnswers.Enqueue(sync.Now.AddDays(1));

        foreach (var command in waiting)
            await CarryOut(command, clock);

        Calls("PUT", "POST").ShouldBe(1);
        Calls("bulk").ShouldBe(1);
        zoho.Calls.Count(call => call.StartsWith("modified", StringComparison.Ordinal)).ShouldBe(1);
        published.OfType<CatchUpRead>().ShouldHaveSingleItem().CatchUpId.ShouldBe(sync.State.CatchUps.Current!.Id);
        Calls("GET").ShouldBeLessThan(4);
    }

    private static List<object> Sent(PlannedSync sync)
    {
        var (until, sent) = (sync.Now + Night, new List<object>());
        while (sync.Now < until)
            sent.AddRange(sync.TickAfter(TimeSpan.FromSeconds(1)));
        return sent;
    }

    private Task CarryOut(object command, ZohoClock clock)
    {
        var options = GatewayOptions.From(
            new Settings(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:PublicUrl", "https://sync.test")]).Build()),
            "secret");
        var late = new LateCommands(clock, zoho, zoho.Time);
        var subscription = new Subscription(
            zoho, zoho, channel, new NothingHeard(), options, Publish, clock, NullLogger<Subscription>.Instance);
        var bulk = new BulkJobs(new BulkReading(zoho, zoho.Catalog, options, clock), jobs, Publish, NullLogger<BulkJobs>.Instance);
        var reading = new CatchUpReading(zoho, zoho, zoho.Records, zoho.Catalog, clock, NullLogger<CatchUpReading>.Instance);
        var catchUps = new CatchUpReporting(
            reading, new LeadParking(new NoParking(), NullLogger<LeadParking>.Instance), new NothingHeard(), Publish, zoho.Time);
        return command switch
        {
            RenewChannel renew => late.Unless("", renew.NotAfter, () => subscription.Renew(renew, Stop), Stop),
            CheckChannel check => late.Unless("", check.NotAfter, () => subscription.Check(check, Stop), Stop),
            StartBulkRead start => late.Unless("", start.NotAfter, () => bulk.Start(start, Stop), Stop),
            CheckBulkJob check => late.Unless("", check.NotAfter, () => bulk.Check(check, Stop), Stop),
            CatchUp catchUp => late.Unless("", catchUp.NotAfter, () => catchUps.Report(catchUp, wasBegun: false, Stop), Stop),
            _ => Task.CompletedTask,
        };
    }

    private int Calls(params string[] names) => zoho.Calls.Count(names.Contains);

    private Task Publish(object message, CancellationToken ct)
    {
        published.Add(message);
        return Task.CompletedTask;
    }
}
