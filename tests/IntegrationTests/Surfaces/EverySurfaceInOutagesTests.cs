using System.Text.Json;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Surfaces;

/// <summary>Checks every surface, like <see cref="EverySurfaceTests"/>, while Zoho does not answer or refuses calls.</summary>
public sealed class EverySurfaceInOutagesTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task every_surface_tells_the_truth_while_zoho_does_not_do_what_leadsync_asks()
    {
        await using var watched = await WatchedSync.StartAsync(shared);
        var sync = watched.Sync;
        await watched.Settles();

        await sync.WayToZoho.DropAsync();
        await sync.Change("edit", new { count = 3 });
        await watched.Shows(new("Zoho does not answer", InSync: false, "busy", "gapOpen")
        {
            Status = Ending.No("After 3 s the view is not in sync. "),
            CatchUp = Ending.No("After 3 s it has not ended. Catching up: 0 of ? pages."),
            Compare = Ending.No("After 3 s it has not ended. Comparing: Zoho is preparing the first page."),
        });
        await sync.WayToZoho.ResetAsync();
        await watched.Settles();

        await sync.Zoho.PostAsync("/control/refresh-token/revoke", null, Stop);
        await sync.Zoho.PostAsync("/control/access-tokens/revoke", null, Stop);
        await watched.Ask("catch-up");
        await watched.Shows(new("Zoho refuses every call", InSync: false, "bad", "catchUpFails")
        {
            Status = Ending.No("After 3 s the view is not in sync. Catching up has failed 2 times in a row"),
            CatchUp = Ending.No("The catch-up failed and will be tried again: "),
            Compare = Ending.No("After 3 s it has not ended. Comparing: Zoho is preparing the first page."),
        });
        await sync.Zoho.PostAsync("/control/refresh-token/restore", null, Stop);
        await watched.Settles();

        await sync.Turn(new { httpsOnly = true });
        (await sync.Zoho.DeleteAsync("/control/channels", Stop)).EnsureSuccessStatusCode();
        // The gateway would notice it within two minutes.
        await sync.Publish("scheduler", JsonSerializer.Serialize(new
        {
            messageType = new[] { "urn:message:LeadSync.Contracts:ChannelLost" },
            message = new { checkedAt = TimeProvider.System.GetUtcNow(), reason = "The test removed it." },
        }));
        await watched.Shows(new("Zoho does not open the notification channel", InSync: false, "bad", "channelRefused")
        {
            Status = Ending.No("After 3 s the view is not in sync. Zoho does not open the notification channel: "),
            CatchUp = Ending.CaughtUp,
            Compare = Ending.Compared,
        });
        await sync.Turn(new { httpsOnly = false });
        await watched.Settles();

        await sync.Change("edit", new { count = 3 });
        await Truth.ShouldBeTheView(sync);
        watched.ShouldHaveToldTheTruth();
    }
}
