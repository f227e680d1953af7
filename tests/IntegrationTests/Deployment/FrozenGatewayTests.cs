using System.Net.Http.Json;
using System.Text.Json;
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

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_gateway_that_is_frozen_with_the_lock_of_the_token_and_the_commands_for_the_channel_stops_no_other()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 50, ("Scheduler__ChannelLifetime", "00:00:40"));
        await sync.InSync();
        await sync.Services.Gateway.StopAsync();
        await sync.Value("update gateway.access_token set stale_at = now(), expires_at = now()");
        (await sync.Zoho.DeleteAsync("/control/channels", Stop)).EnsureSuccessStatusCode();
        sync.WayToZoho.ToClient.Close();
        // RabbitMQ gives the commands for the channel to the gateway that asked first.
        await using var frozen = sync.Services.Another("Gateway");
        await frozen.StartAsync(Stop);
        await RunningSync.Until("the gateway has locked the token", async () => await sync.Value("""
            select count(*) from pg_stat_activity
            where datname = current_database() and state = 'idle in transaction' and query like '%access_token for update%'
            """) is 1L);
        frozen.Pause();
        try
        {
            await sync.WayToZoho.ResetAsync();
            await sync.Services.Gateway.StartAsync(Stop);
            await sync.Change("edit", new { count = 20 });
            await Truth.ShouldBeTheView(sync);
            await RunningSync.Until("the channel is open again", async () =>
                (await sync.Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop)).GetProperty("channels").GetArrayLength() > 0);
        }
        finally
        {
            frozen.Resume();
        }

        await sync.Change("edit", new { count = 20 });
        await Truth.ShouldBeTheView(sync);
        (await sync.Value("select count(*) from parking.parked")).ShouldBe(0L);
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
