using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Truth;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>Compares the view with the leads of the simulated Zoho.</summary>
internal static class Truth
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Waits until the view shows exactly Zoho's leads, with Zoho's values.</summary>
    public static async Task ShouldBeTheView(RunningSync sync)
    {
        var comparison = new ViewComparison(sync.Database, sync.Zoho);
        try
        {
            await RunningSync.Until("the view equals Zoho", () => IsTheView(sync, comparison));
        }
        catch (TimeoutException)
        {
            (await comparison.DifferencesAsync(Stop)).Take(10).ShouldBeEmpty();
        }
    }

    /// <summary>Repairs until the view shows Zoho's values, which move on by themselves between two looks.</summary>
    public static Task ShouldComeToBeTheView(RunningSync sync, Func<Task> repair)
    {
        var comparison = new ViewComparison(sync.Database, sync.Zoho);
        return RunningSync.Until("a repair makes the view equal to Zoho", async () =>
        {
            await repair();
            return await IsTheView(sync, comparison);
        });
    }

    private static async Task<bool> IsTheView(RunningSync sync, ViewComparison comparison) =>
        await HasAsMany(sync) && (await comparison.DifferencesAsync(Stop)).Count == 0;

    // A view with another number of leads differs, so the test does not read it.
    private static async Task<bool> HasAsMany(RunningSync sync)
    {
        var leads = (await sync.Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop)).GetProperty("leads");
        var living = leads.TryGetProperty("Active", out var active) ? active.GetInt64() : 0;
        return Equals(await sync.Value("select count(*) from legacy.leads"), living);
    }
}
