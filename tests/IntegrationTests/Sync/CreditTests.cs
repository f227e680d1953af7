using System.Net.Http.Json;
using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>API credits are counted as Zoho counts them, and kept for notifications.</summary>
public sealed class CreditTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_can_wait_is_postponed_and_shown_while_notifications_flow_on()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 50, ("Zoho__DailyCredits", "120"), ("Zoho__CreditReserve", "50"));
        await sync.InSync();
        await RunningSync.Until("every credit is counted", async () => Equals(
            await sync.Value("select sum(used)::bigint from gateway.credits"), await SpentInZoho(sync)));

        (await sync.Scheduler.PostAsync("/full-comparison", null, Stop)).EnsureSuccessStatusCode();

        await RunningSync.Until("the comparison is postponed", async () =>
            (await Credits(sync)).GetProperty("postponed").EnumerateArray().Any(what => what.GetString() == "fullComparison"));
        var credits = await Credits(sync);
        (credits.GetProperty("budget").GetInt64(), credits.GetProperty("reserve").GetInt64()).ShouldBe((120, 50));
        credits.GetProperty("used").GetInt64().ShouldBeGreaterThan(50);
        credits.GetProperty("left").GetInt64().ShouldBe(120 - credits.GetProperty("used").GetInt64());
        credits.GetProperty("resetsAt").GetDateTimeOffset().ShouldBeGreaterThan(credits.GetProperty("countedAt").GetDateTimeOffset().AddHours(23));
        (await sync.Status()).GetProperty("run").ValueKind.ShouldBe(JsonValueKind.Null);
        await sync.Change("edit", new { count = 1 });
        await Truth.ShouldBeTheView(sync);
    }

    private static async Task<JsonElement> Credits(RunningSync sync) => (await sync.Status()).GetProperty("credits");

    private static async Task<long> SpentInZoho(RunningSync sync) =>
        (await sync.Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop)).GetProperty("credits").GetProperty("total").GetInt64();
}
