using LeadSync.DevStack.Truth;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>What the simulated Zoho holds, and so the view should.</summary>
internal static class Truth
{
    /// <summary>Waits until the view shows every lead as Zoho has it, and no other.</summary>
    public static async Task ShouldBeTheView(RunningSync sync)
    {
        var comparison = new ViewComparison(sync.Database, sync.Zoho);
        IReadOnlyList<Difference> differences = [];
        try
        {
            await RunningSync.Until("the view equals Zoho", async () =>
                (differences = await comparison.DifferencesAsync(TestContext.Current.CancellationToken)).Count == 0);
        }
        catch (TimeoutException)
        {
            differences.Take(10).ShouldBeEmpty();
        }
    }
}
