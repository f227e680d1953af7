using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Truth;
using LeadSync.IntegrationTests.Feed;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>The first sync: subscribe, read every page, merge changes that happen meanwhile, catch up.</summary>
public sealed class FirstSyncTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v6", SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [InlineData("v7", SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [InlineData("v8")]
    public async Task every_page_and_every_change_made_meanwhile_ends_in_the_view(string version)
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 1_200,
            ("Zoho__ApiVersion", version), ("Simulator__BulkPerPage", "300"), ("Simulator__BulkInProgressFor", "00:00:00.300"),
            ("Simulator__BulkPicture", "Moving"));
        await sync.Zoho.PostAsJsonAsync("/control/stream/start", new { perSecond = 20, seconds = 3600 }, Stop);
        // The leads behind them move to a page that LeadSync has already read.
        await RunningSync.Until(
            "the first page is in the view", async () => await sync.Value("select count(*) from legacy.leads") is >= 250L);
        await sync.Change("delete", new { count = 60 });

        await RunningSync.Until("every page is read", async () =>
            (await sync.Status()).GetProperty("fullComparison").GetProperty("lastRead").ValueKind == JsonValueKind.Object);
        await sync.Zoho.PostAsync("/control/stream/stop", null, Stop);

        await sync.InSync();
        await Truth.ShouldBeTheView(sync);
        await FeedTruth.ShouldBeTheView(sync.Database);
        (await sync.Value("select count(*) from legacy.leads")).ShouldBeOfType<long>().ShouldBeGreaterThan(900);
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task the_first_sync_continues_after_a_kill_of_any_service_and_so_does_a_copy_that_is_kept_by_the_feed()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 2_000,
            ("Simulator__BulkPerPage", "300"), ("Simulator__BulkInProgressFor", "00:00:00.500"));
        var (copy, following, pages) = (new FeedCopy(sync.Database), Task.CompletedTask, 0);
        using var endOfCopy = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        foreach (var service in new[] { sync.Services.Gateway, sync.Services.Projector, sync.Services.Scheduler })
        {
            var shown = ++pages * 300L;
            await RunningSync.Until(
                $"page {pages} is in the view",
                async () => await sync.Value("select count(*) from legacy.leads") is long count && count >= shown - 20);

            if (pages == 1)
            {
                await copy.BeginAsync(Stop);
                following = copy.FollowAsync(endOfCopy.Token);
            }

            await service.KillAsync();
            await sync.Change("edit", new { count = 20 });
            await sync.Change("delete", new { count = 5 });
            await service.StartAsync(Stop);
        }

        await sync.InSync();
        await sync.CatchUp();
        await Truth.ShouldBeTheView(sync);
        await FeedTruth.ShouldBeTheView(sync.Database);
        await endOfCopy.CancelAsync();
        await following;
        (await copy.DifferenceAsync(Stop)).ShouldBeNull();
    }
}
