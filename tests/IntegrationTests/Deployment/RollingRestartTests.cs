using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Truth;
using LeadSync.IntegrationTests.Feed;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>
/// For the services, a rolling upgrade, a drained node, and scaling to one replica and back are the same: a process ends and starts.
/// </summary>
public sealed class RollingRestartTests(SharedServers shared, ITestOutputHelper output)
{
    // The load while the tests run. LEADSYNC_CHANGES_PER_SECOND=500 measures.
    private static readonly int PerSecond =
        int.Parse(Environment.GetEnvironmentVariable("LEADSYNC_CHANGES_PER_SECOND") ?? "50", CultureInfo.InvariantCulture);

    // During restarts the machine processes fewer changes. The others wait in the simulator's queue, and have to arrive later.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // A gap begins this much before the first moment without a receiver.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task while_every_replica_is_restarted_zoho_hears_only_2xx_and_nothing_is_lost()
    {
        await using var sync = await ReplicatedSync.StartAsync(shared, leads: 1_000);
        var before = Gaps(await sync.Status()).Select(gap => gap.From).ToHashSet();
        await Post(sync, "/control/stream/start", new { perSecond = PerSecond, seconds = 3600 });

        foreach (var replica in sync.Gateways.Concat(sync.Projectors).Concat(sync.Schedulers))
        {
            var took = await sync.Restart(replica);
            output.WriteLine($"{replica.Name} ended {took.TotalSeconds:0.0} s after SIGTERM");
            took.ShouldBeLessThan(TimeSpan.FromSeconds(30), $"{replica.Name} did not end by itself, and was killed");
        }

        await Post(sync, "/control/stream/stop", new { });
        await RunningSync.Until("every notification is sent", async () => await Number(sync, "deliveriesWaiting") == 0, Patience);
        var comparison = new ViewComparison(sync.Database, sync.Simulator.Http);
        await RunningSync.Until("the view equals Zoho", async () => (await comparison.DifferencesAsync(Stop)).Count == 0, Patience);
        await FeedTruth.ShouldBeTheView(sync.Database);

        var deliveries = (await sync.Simulator.Http.GetFromJsonAsync<Delivery[]>("/control/deliveries", Stop))!;
        output.WriteLine($"{deliveries.Length} notifications, {PerSecond} changes a second");
        deliveries.Length.ShouldBeGreaterThan(100);
        deliveries.Where(delivery => !delivery.IsAccepted).ShouldBeEmpty();
        // No catch-up had to bring a change that a notification should have brought. On a busy machine, a late heartbeat counts as a gap,
        // but the gateway accepted notifications during such a gap.
        foreach (var gap in Gaps(await sync.Status()).Where(gap => !before.Contains(gap.From)))
        {
            gap.Cause.ShouldBe("No gateway could receive notifications for a while.");
            deliveries.ShouldContain(
                delivery => delivery.At > gap.From + Margin && delivery.At < gap.To,
                $"between {gap.From:O} and {gap.To:O} no gateway received");
        }
    }

    private static (string Cause, DateTimeOffset From, DateTimeOffset To)[] Gaps(JsonElement status) =>
    [
        .. status.GetProperty("gaps").GetProperty("open").EnumerateArray()
            .Concat(status.GetProperty("gaps").GetProperty("recent").EnumerateArray())
            .Select(gap =>
                (
                    gap.GetProperty("cause").GetString()!, gap.GetProperty("from").GetDateTimeOffset(),
                    gap.GetProperty("to").GetDateTimeOffset()
                )),
    ];

    private static async Task<int> Number(ReplicatedSync sync, string statistic) =>
        (await sync.Simulator.Http.GetFromJsonAsync<JsonElement>("/control/statistics", Stop)).GetProperty(statistic).GetInt32();

    private static async Task Post(ReplicatedSync sync, string path, object body) =>
        (await sync.Simulator.Http.PostAsJsonAsync(path, body, Stop)).EnsureSuccessStatusCode();
}
