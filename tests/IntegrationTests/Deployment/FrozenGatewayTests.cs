using System.Net.Http.Json;
using LeadSync.DevStack.Truth;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>A gateway that is frozen (SIGSTOP) keeps its connections, its messages, and what it has taken of what all gateways
/// share.</summary>
public sealed class FrozenGatewayTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_gateway_that_is_frozen_with_every_place_for_calls_to_zoho_stops_no_other()
    {
        await using var sync = await ReplicatedSync.StartAsync(shared, leads: 400);
        var (frozen, other) = (sync.Gateways[0], sync.Gateways[1]);
        sync.Balancer.Withdraw(other.Address.Port);
        await other.StopAsync();
        await Turn(sync, new { latency = "00:00:05" });
        await Edit(sync, 300);
        await RunningSync.Until("the gateway has taken every place", async () =>
            await Value(sync, "select count(*) from gateway.call_place where taken_until > clock_timestamp()") is 5L);

        sync.Balancer.Withdraw(frozen.Address.Port);
        frozen.Pause();
        try
        {
            await Turn(sync, new { latency = "00:00:00" });
            await other.StartAsync(Stop);
            sync.Balancer.List(other.Address.Port);
            await Edit(sync, 50);
            await EqualsZoho(sync);
        }
        finally
        {
            frozen.Resume();
        }

        await Edit(sync, 50);
        await EqualsZoho(sync);
        (await Value(sync, "select count(*) from parking.parked")).ShouldBe(0L);
    }

    private static Task EqualsZoho(ReplicatedSync sync)
    {
        var comparison = new ViewComparison(sync.Database, sync.Simulator.Http);
        return RunningSync.Until("the view equals Zoho", async () => (await comparison.DifferencesAsync(Stop)).Count == 0);
    }

    private static async Task Edit(ReplicatedSync sync, int count) =>
        (await sync.Simulator.Http.PostAsJsonAsync("/control/leads/edit", new { count }, Stop)).EnsureSuccessStatusCode();

    private static async Task Turn(ReplicatedSync sync, object dials) =>
        (await sync.Simulator.Http.PutAsJsonAsync("/control/dials", dials, Stop)).EnsureSuccessStatusCode();

    private static async Task<object?> Value(ReplicatedSync sync, string sql)
    {
        await using var command = sync.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }
}
