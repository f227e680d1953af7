using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>All gateways together stay within the calls that Zoho accepts at the same time.</summary>
public sealed class ManyGatewaysTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task six_gateways_do_all_work_within_the_five_calls_at_once_of_the_smallest_edition()
    {
        await using var sync = await RunningSync.StartAsync(
            shared, leads: 1_000, ("Simulator__Concurrency", "5"), ("Simulator__Latency", "00:00:00.200"));
        await sync.InSync();
        ServiceProcess[] others = [.. Enumerable.Range(0, 5).Select(_ => sync.Services.Another("Gateway"))];
        try
        {
            foreach (var gateway in others)
                await gateway.StartAsync(Stop);
            for (var round = 0; round < 30; round++)
            {
                await sync.Change("edit", new { count = 200 });
                if (round % 10 == 0)
                    (await sync.Scheduler.PostAsync("/full-comparison", null, Stop)).EnsureSuccessStatusCode();
                (await sync.Scheduler.PostAsync("/catch-up", null, Stop)).EnsureSuccessStatusCode();
            }

            await Truth.ShouldBeTheView(sync);
            foreach (var gateway in others)
                (await gateway.Http.GetStringAsync("/metrics", Stop)).ShouldContain("leadsync_gateway_zoho_calls_total{");
            var statistics = await sync.Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop);
            statistics.GetProperty("mostCallsAtOnce").GetInt32().ShouldBe(5, "the places are used");
            statistics.GetProperty("counts").TryGetProperty("calls.tooManyAtOnce", out var refused)
                .ShouldBeFalse($"{refused} calls were refused");
            (await sync.Value("select count(*) from parking.parked")).ShouldBe(0L);
        }
        finally
        {
            await Task.WhenAll(others.Select(gateway => gateway.DisposeAsync().AsTask()));
        }
    }
}
