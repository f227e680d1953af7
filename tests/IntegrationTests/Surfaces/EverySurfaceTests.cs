using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Surfaces;

/// <summary>Takes a sync through its situations. In each, <c>/status</c>, <c>leadsync status</c>, <c>legacy.sync_status</c>, the metrics,
/// the health endpoints and the console's pages have to tell the truth, and commands that wait have to end as documented.
/// <c>docs/what-you-see.md</c> shows the result.</summary>
public sealed class EverySurfaceTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task every_surface_tells_the_truth_about_what_the_sync_does()
    {
        await using var watched = await WatchedSync.StartAsync(shared, ("Simulator__BulkStuckRate", "1"));
        var sync = watched.Sync;
        await JobIsStuck(sync);
        await watched.Shows(new("The first read is under way", InSync: false, "busy", "firstRead")
        {
            Status = Ending.No("After 3 s the view is not in sync. Reading every lead for the first time: waiting for Zoho's export."),
            CatchUp = Ending.No("After 3 s it has not ended. The catch-up has not begun: the first read of every lead comes first."),
            Compare = Ending.No("After 3 s it has not ended. The comparison has not begun: the first read of every lead comes first."),
        });
        await JobsWork(sync);

        await watched.Settles();
        await sync.Change("edit", new { count = 1 });
        await watched.Shows(new("All is well", InSync: true, "good")
        {
            Status = Ending.InSync, CatchUp = Ending.CaughtUp, Compare = Ending.Compared,
        });

        await sync.Zoho.PostAsJsonAsync("/control/stream/start", new { perSecond = 4, seconds = 600, createShare = 0.1 }, Stop);
        await watched.Shows(new("Leads are being edited", InSync: true, "good")
        {
            Status = Ending.InSync, CatchUp = Ending.CaughtUp, Compare = Ending.Compared,
        });
        await sync.Zoho.PostAsync("/control/stream/stop", null, Stop);
        await watched.Settles();

        sync.WayToZoho.ToClient.Close();
        await watched.Ask("catch-up");
        await RunningSync.Until("a catch-up has begun", async () =>
            (await sync.Status()).GetProperty("catchUp").GetProperty("id").ValueKind == JsonValueKind.String);
        await watched.Shows(new("A catch-up is under way", InSync: true, "good")
        {
            Status = Ending.InSync,
            CatchUp = Ending.No("After 3 s it has not ended. Catching up: 0 of ? pages."),
            Compare = Ending.No("After 3 s it has not ended. Comparing: Zoho is preparing the first page."),
        });
        sync.WayToZoho.ToClient.Open();
        await watched.Settles();

        await sync.Turn(new { bulkStuckRate = 1 });
        await watched.Ask("full-comparison");
        await JobIsStuck(sync);
        await watched.Shows(new("A full comparison is under way", InSync: true, "good")
        {
            Status = Ending.InSync,
            CatchUp = Ending.CaughtUp,
            Compare = Ending.No("After 3 s it has not ended. The comparison has not begun: another bulk read is under way."),
        });
        await JobsWork(sync);
        await watched.Settles();

        await watched.Ask("pause?reason=maintenance");
        await watched.Shows(new("Somebody has paused the sync", InSync: false, "busy", "paused")
        {
            Status = Ending.No("After 3 s the view is not in sync. Paused by somebody on this machine for 3 s (maintenance): "
                + "live changes still arrive, but scheduled reads stop until you resume."),
            CatchUp = Ending.No("After 3 s it has not ended. The catch-up has not begun: the sync is paused."),
            Compare = Ending.No("After 3 s it has not ended. The comparison has not begun: the sync is paused."),
        });

        // The pause lasts until the gap is known, and then no answer comes from Zoho.
        await sync.Services.Gateway.KillAsync();
        await sync.Change("edit", new { count = 2 });
        await sync.Services.Gateway.StartAsync(Stop);
        await RunningSync.Until("a gap is open", async () =>
            (await sync.Status()).GetProperty("gaps").GetProperty("open").GetArrayLength() > 0);
        sync.WayToZoho.ToClient.Close();
        await watched.Ask("resume");
        await watched.Shows(new("A gap is being caught up", InSync: false, "busy", "gapOpen")
        {
            Status = Ending.No("After 3 s the view is not in sync. Catching up: up to 20 s may be missing: no gateway was up."),
            CatchUp = Ending.No("After 3 s it has not ended. Catching up: 0 of ? pages."),
            // The one that was asked for during the pause.
            Compare = Ending.No("After 3 s it has not ended. The comparison has not begun: another bulk read is under way."),
        });
        sync.WayToZoho.ToClient.Open();
        await watched.Settles();

        await sync.Value("alter table legacy.leads add constraint no_such_company check (company <> 'Refused') not valid");
        await sync.Change("edit", new { count = 1, values = new { Company = "Refused" } });
        await watched.Shows(new("A lead cannot be stored", InSync: false, "bad", "parked")
        {
            Status = Ending.No("After 3 s the view is not in sync. In sync but for one parked item."),
            CatchUp = Ending.CaughtUp,
            Compare = Ending.Compared,
        });
        await sync.Value("alter table legacy.leads drop constraint no_such_company");
        await watched.Ask("parked/replay");
        await watched.Settles();

        await sync.Turn(new { invisibleLeads = 0.3 });
        await watched.Ask("full-comparison");
        await watched.Shows(new("A full comparison is held back", InSync: false, "bad", "comparisonHeldBack")
        {
            Status = Ending.No("After 3 s the view is not in sync. Held back: a comparison would remove 60 of 200 leads."),
            CatchUp = Ending.CaughtUp,
            Compare = Ending.No("Held back: 60 of 200 leads seem to be gone."),
        });
        await sync.Turn(new { invisibleLeads = 0 });
        await watched.Ask("full-comparison/drop");
        await watched.Settles();
        await Truth.ShouldBeTheView(sync);

        await sync.Turn(new { bulkStuckRate = 1 });
        await sync.Value("with events as (delete from scheduler.mt_events returning 1) delete from scheduler.mt_streams where exists "
            + "(select from events)");
        await JobIsStuck(sync);
        await watched.Shows(new("The database was replaced by another", InSync: false, "busy", "firstRead")
        {
            Status = Ending.No("After 3 s the view is not in sync. Reading every lead for the first time: waiting for Zoho's export."),
            CatchUp = Ending.No("After 3 s it has not ended. The catch-up has not begun: the first read of every lead comes first."),
            Compare = Ending.No("After 3 s it has not ended. The comparison has not begun: the first read of every lead comes first."),
        });
        await JobsWork(sync);
        await watched.Settles();

        // Afterwards Zoho's clock is ahead of the scheduler's.
        await sync.Turn(new { deliveryDropRate = 1 });
        await sync.Change("edit", new { count = 1 });
        (await sync.Zoho.PostAsJsonAsync("/control/clock/advance", new { by = "00:10:00" }, Stop)).EnsureSuccessStatusCode();
        await sync.CatchUp();
        await sync.CatchUp();
        await watched.Shows(new("Zoho's notifications do not arrive", InSync: false, "bad", "channelSilent")
        {
            Status = Ending.No("After 3 s the view is not in sync. Zoho does not reach the gateway: leads were modified, and no "
                + "notification arrived. Catch-ups bring the changes, minutes late."),
            CatchUp = Ending.CaughtUp,
            Compare = Ending.Compared,
        });
        await sync.Turn(new { deliveryDropRate = 0 });
        await sync.Change("edit", new { count = 1 });
        await RunningSync.Until("a notification and a catch-up have ended it", async () =>
        {
            await sync.CatchUp();
            return await sync.Value("select in_sync from legacy.sync_status") is true;
        });
        await Truth.ShouldBeTheView(sync);
        watched.ShouldHaveToldTheTruth();
    }

    /// <summary>Waits until Zoho has taken the job for a page and does not end it.</summary>
    private static Task JobIsStuck(RunningSync sync) => RunningSync.Until("Zoho has a job that does not end", async () =>
        await Job(sync) is not null);

    private static async Task<(string Run, string Job)?> Job(RunningSync sync) =>
        (await sync.Status()).GetProperty("run") is { ValueKind: JsonValueKind.Object } run && run.GetProperty("pages") is var pages
            && pages.GetArrayLength() > 0 && pages[0].GetProperty("jobId").GetString() is { } job
                ? (run.GetProperty("id").GetString()!, job) : null;

    /// <summary>Lets Zoho end new jobs. Tells the scheduler that the stuck job has failed, which the scheduler itself decides only after an
    /// hour.</summary>
    private static async Task JobsWork(RunningSync sync)
    {
        await sync.Turn(new { bulkStuckRate = 0 });
        var (run, job) = (await Job(sync))!.Value;
        await sync.Publish("scheduler", JsonSerializer.Serialize(new
        {
            messageType = new[] { "urn:message:LeadSync.Contracts:BulkJobFailed" },
            message = new { runId = run, page = 1, jobId = job, reason = "An hour is over." },
        }));
    }
}
