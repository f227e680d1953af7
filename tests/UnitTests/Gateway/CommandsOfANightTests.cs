using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.UnitTests.Scheduler;

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
        zoho.WatchAnswers.Enqueue(sync.Now.AddDays(1));
        var gateway = new CommandedGateway(zoho, channel, new NothingHeard(), Publish, sync.Now);

        foreach (var command in waiting)
            await gateway.CarryOut(command, TestContext.Current.CancellationToken);

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

    private int Calls(params string[] names) => zoho.Calls.Count(names.Contains);

    private Task Publish(object message, CancellationToken ct)
    {
        published.Add(message);
        return Task.CompletedTask;
    }
}
