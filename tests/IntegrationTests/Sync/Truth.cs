using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Truth;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>What the simulated Zoho holds, and so the view should.</summary>
internal static class Truth
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Waits until the view shows every lead as Zoho has it, and no other.</summary>
    public static async Task ShouldBeTheView(RunningSync sync)
    {
        var comparison = new ViewComparison(sync.Database, sync.Zoho);
        try
        {
            await RunningSync.Until("the view equals Zoho", async () =>
                await HasAsMany(sync) && (await comparison.DifferencesAsync(Stop)).Count == 0);
        }
        catch (TimeoutException)
        {
            (await comparison.DifferencesAsync(Stop)).Take(10).ShouldBeEmpty();
        }
    }

    // A view that lacks leads need not be fetched to be known as different.
    private static async Task<bool> HasAsMany(RunningSync sync)
    {
        var leads = (await sync.Zoho.GetFromJsonAsync<JsonElement>("/control/statistics", Stop)).GetProperty("leads");
        var living = leads.TryGetProperty("Active", out var active) ? active.GetInt64() : 0;
        return Equals(await sync.Value("select count(*) from legacy.leads"), living);
    }
}
