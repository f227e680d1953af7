using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Truth;
using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>A new version is rolled out, a node is drained, a service is scaled to one replica and back: for the services all of it is the same.</summary>
public sealed class RollingRestartTests(SharedServers shared, ITestOutputHelper output)
{
    // What the machine is asked for besides the tests; LEADSYNC_CHANGES_PER_SECOND=500 measures.
    private static readonly int PerSecond =
        int.Parse(Environment.GetEnvironmentVariable("LEADSYNC_CHANGES_PER_SECOND") ?? "50", CultureInfo.InvariantCulture);

    // More changes than the machine can carry beside the restarts wait in the simulator's queue, and have to come all the same.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task while_every_replica_is_restarted_zoho_hears_only_2xx_and_nothing_is_lost()
    {
        await using var sync = await ReplicatedSync.StartAsync(shared, leads: 1_000);
        var causesBefore = Causes(await sync.Status());
        await Post(sync, "/control/stream/start", new { perSecond = PerSecond, seconds = 3600 });

        foreach (var replica in sync.Gateways.Concat(sync.Projectors).Concat(sync.Schedulers))
        {
            var took = await sync.Restart(replica);
            output.WriteLine($"{replica.Name} ended {took.TotalSeconds:0.0} s after the order");
            took.ShouldBeLessThan(TimeSpan.FromSeconds(30), $"{replica.Name} did not end by itself, and was killed");
        }

        await Post(sync, "/control/stream/stop", new { });
        await RunningSync.Until("every notification is sent", async () => await Number(sync, "deliveriesWaiting") == 0, Patience);
        var comparison = new ViewComparison(sync.Database, sync.Simulator.Http);
        await RunningSync.Until("the view equals Zoho", async () => (await comparison.DifferencesAsync(Stop)).Count == 0, Patience);

        var deliveries = (await sync.Simulator.Http.GetFromJsonAsync<Delivery[]>("/control/deliveries", Stop))!;
        output.WriteLine($"{deliveries.Length} notifications, {PerSecond} changes a second");
        deliveries.Length.ShouldBeGreaterThan(100);
        deliveries.Where(delivery => !delivery.IsAccepted).ShouldBeEmpty();
        // No catch-up had to bring what a notification should have. A heartbeat that is late on a busy machine is taken for a gap, which costs
        // a catch-up and is no loss: no answer was missing.
        Causes(await sync.Status()).Except(causesBefore).ShouldBeSubsetOf(["No gateway could receive notifications for a while."]);
    }

    private static string[] Causes(JsonElement status) =>
    [
        .. status.GetProperty("gaps").GetProperty("open").EnumerateArray().Concat(status.GetProperty("gaps").GetProperty("recent").EnumerateArray())
            .Select(gap => gap.GetProperty("cause").GetString()!),
    ];

    private static async Task<int> Number(ReplicatedSync sync, string statistic) =>
        (await sync.Simulator.Http.GetFromJsonAsync<JsonElement>("/control/statistics", Stop)).GetProperty(statistic).GetInt32();

    private static async Task Post(ReplicatedSync sync, string path, object body) =>
        (await sync.Simulator.Http.PostAsJsonAsync(path, body, Stop)).EnsureSuccessStatusCode();
}
