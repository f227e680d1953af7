using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.UnitTests.Documentation;
using LeadSync.UnitTests.Scheduler;

namespace LeadSync.UnitTests.Gateway;

/// <summary>The README says how many credits a day costs. So the plan and the gateway run through a day in which nobody works in
/// Zoho.</summary>
public sealed class QuietDayTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Export = TimeSpan.FromMinutes(10);

    private readonly FakeZoho zoho = new();
    private readonly KeptChannel channel = new();
    private DateTimeOffset? exportedAt;

    [Fact]
    public async Task a_day_without_changes_costs_as_many_credits_as_the_readme_says()
    {
        var sync = PlannedSync.InSync();
        channel.LastRenewal = new("1000", sync.Now, sync.Now.AddDays(1), Reopened: false);
        var gateway = new CommandedGateway(zoho, channel, new NothingHeard { HeardAt = sync.Now }, Publish, sync.Now);

        // The full comparison is in the middle of the day.
        await Run(TimeSpan.FromHours(12));
        zoho.Calls.Clear();
        await Run(TimeSpan.FromDays(1));

        var calls = zoho.Calls.GroupBy(call => call.Split(' ')[0]).ToDictionary(kind => kind.Key, kind => kind.Count());
        foreach (var (name, count) in calls)
            output.WriteLine($"{name}: {count}");
        sync.State.IsFullComparisonWanted.ShouldBeFalse();
        calls["bulk"].ShouldBe(1);
        // Once an hour the projector asks for the dictionary: the fields, and the users.
        var credits = calls.Values.Sum() + (ZohoLimits.BulkJobCredits - ZohoLimits.CallCredits) + (24 * 2);
        output.WriteLine($"credits: {credits}");
        var inHundreds = (int)Math.Round(credits / 100.0) * 100;
        Documents.Text("README.md").ShouldContain($"about {inHundreds:N0} a day in a quiet org");
        Documents.Text("docs/operations.md").ShouldContain($"a day costs {credits:N0} credits");

        async Task Run(TimeSpan duration)
        {
            for (var until = sync.Now + duration; sync.Now < until;)
            {
                foreach (var command in sync.TickAfter(TimeSpan.FromSeconds(1)))
                {
                    zoho.Time.SetUtcNow(sync.Now);
                    await Answer(command);
                }
            }
        }

        async Task Answer(object command)
        {
            switch (command)
            {
                case RenewChannel:
                    zoho.WatchAnswers.Enqueue(sync.Now.AddDays(1));
                    break;
                case CheckChannel:
                    zoho.Channel = new WatchedChannel("1000", [], null, null, channel.LastRenewal!.ExpiresAt);
                    break;
                case StartBulkRead:
                    exportedAt = sync.Now + Export;
                    break;
                case CheckBulkJob:
                    zoho.Job = new BulkJob(sync.Now >= exportedAt ? "COMPLETED" : "ADDED", Rows: 200_000);
                    break;
                case CompareLeads compare:
                    sync.Hear(new LeadsCompared(compare.RunId, 200_000, 0));
                    break;
            }

            await gateway.CarryOut(command, TestContext.Current.CancellationToken);
        }

        Task Publish(object message, CancellationToken ct)
        {
            sync.Hear(message);
            if (message is BulkPageReady page)
            {
                zoho.Calls.Add("download");
                sync.Hear(new BulkPageProjected(page.RunId, page.Page, page.JobId, 0, 200_000, 0));
            }

            return Task.CompletedTask;
        }
    }
}
