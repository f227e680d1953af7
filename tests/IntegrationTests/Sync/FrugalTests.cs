using System.Net.Http.Json;
using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>A sync with few credits and few fields.</summary>
public sealed class FrugalSync(SharedServers shared) : SharedSync(
    shared, leads: 50, ("Zoho__DailyCredits", "150"), ("Zoho__CreditReserve", "60"), ("Zoho__Fields", "Last_Name,City,Annual_Revenue"));

/// <summary>LeadSync counts API credits like Zoho, reserves some for notifications, and syncs only the chosen fields.</summary>
public sealed class FrugalTests(FrugalSync frugal) : IClassFixture<FrugalSync>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task reads_that_can_wait_are_postponed_and_shown_while_live_changes_arrive()
    {
        var sync = frugal.Sync;
        await RunningSync.Until("every credit is counted", async () => Equals(
            await sync.Value("select sum(used)::bigint from gateway.credits"), await SpentInZoho(sync)));

        (await sync.Scheduler.PostAsync("/full-comparison", null, Stop)).EnsureSuccessStatusCode();

        await RunningSync.Until("the comparison is postponed", async () =>
            (await Credits(sync)).GetProperty("postponed").EnumerateArray().Any(what => what.GetString() == "fullComparison"));
        var credits = await Credits(sync);
        (credits.GetProperty("budget").GetInt64(), credits.GetProperty("reserve").GetInt64()).ShouldBe((150, 60));
        credits.GetProperty("used").GetInt64().ShouldBeGreaterThan(50);
        credits.GetProperty("left").GetInt64().ShouldBe(150 - credits.GetProperty("used").GetInt64());
        credits.GetProperty("resetsAt").GetDateTimeOffset()
            .ShouldBeGreaterThan(credits.GetProperty("countedAt").GetDateTimeOffset().AddHours(23));
        (await sync.Status()).GetProperty("run").ValueKind.ShouldBe(JsonValueKind.Null);
        await sync.Change("edit", new { count = 1 });
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task the_view_has_only_the_chosen_fields()
    {
        (await frugal.Sync.Value("""
            select string_agg(column_name, ' ' order by column_name) from information_schema.columns
            where table_schema = 'legacy' and table_name = 'leads'
            """)).ShouldBe("annual_revenue city id last_name modified_time");

        var id = (await frugal.Sync.Change("edit", new { count = 1, values = new { City = "Rome", Company = "Not chosen" } })).Single();
        await RunningSync.Until(
            "the change is in the view", async () => await frugal.Sync.Value("select city from legacy.leads where id = $1", id) is "Rome");
        await Truth.ShouldBeTheView(frugal.Sync);
    }

    private static async Task<JsonElement> Credits(RunningSync sync) => (await sync.Status()).GetProperty("credits");

    private static async Task<long> SpentInZoho(RunningSync sync) =>
        (await sync.Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop)).GetProperty("credits").GetProperty("total").GetInt64();
}
