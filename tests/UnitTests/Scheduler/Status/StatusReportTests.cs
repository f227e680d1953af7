using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;

namespace LeadSync.UnitTests.Scheduler.Status;

public sealed class StatusReportTests
{
    [Fact]
    public void a_report_shows_each_page_of_a_run_and_its_progress()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true), sync.PageProjected()).Tick();
        sync.Hear(sync.JobCreated(2), sync.PageReady(2, more: true)).Tick();

        var run = Report(sync).Run.ShouldNotBeNull();
        run.Pages.Select(page => (page.Page, page.State, page.Rows))
            .ShouldBe([(1, "projected", 1000), (2, "ready", 1000), (3, "requested", null)]);
        (run.Rows, run.RowsProjected).ShouldBe((2000, 1000));

        sync.Hear(new BulkJobFailed(run.Id, 3, null, "Zoho answered 429."));
        var page = Report(sync).Run!.Pages[2];
        (page.State, page.Trouble).ShouldBe(("waiting", "Zoho answered 429."));
    }

    [Fact]
    public void the_reason_why_a_page_could_not_be_read_is_shown_until_it_was_read()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Tick();
        sync.Hear(sync.JobCreated(), new BulkJobFailed(sync.State.Run!.Id, 1, "job-1", "Zoho has no file for the job."));
        sync.SecondsUntil<StartBulkRead>();
        Shown().ShouldBe(("requested", "Zoho has no file for the job."));

        sync.Hear(sync.JobCreated(job: "job-2"));
        Shown().ShouldBe(("reading", "Zoho has no file for the job. LeadSync has created 2 jobs for this page, at 50 credits each."));

        sync.Hear(sync.PageReady(job: "job-2"));
        Shown().ShouldBe(("ready", null));

        (string State, string? Trouble) Shown()
        {
            var page = Report(sync).Run!.Pages[0];
            return (page.State, page.Trouble);
        }
    }

    [Fact]
    public void a_page_that_is_being_applied_shows_its_rows_their_rate_and_the_time_that_is_left()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true), sync.PageProjected()).Tick();
        sync.Hear(sync.JobCreated(2), sync.PageReady(2, more: true)).Tick();
        PageProgress[] progress =
        [
            new(1, 1000, 1000, sync.Now.AddSeconds(-9), sync.Now.AddSeconds(-5)), new(2, 1000, 400, sync.Now.AddSeconds(-2), sync.Now)
        ];

        var run = StatusReport.Of(sync.State, sync.Options, sync.Now, new StatusInputs(HasLeader: true) { Progress = progress })
            .Run.ShouldNotBeNull();

        (run.RowsDone, run.RowsPerSecond, run.SecondsLeft).ShouldBe((1400, 200, 3));
        run.Pages.Select(page => (page.RowsChecked, page.RowsDone)).ShouldBe([(null, null), (1000, 400), (null, null)]);
    }

    [Fact]
    public void a_report_says_what_is_due_and_when()
    {
        var sync = PlannedSync.InSync();
        var report = Report(sync);
        (report.Phase, report.LastGoodSync, report.HasLeader).ShouldBe((Phase.InSync, PlannedSync.Start, true));
        report.Channel.NextRenewal.ShouldBe(PlannedSync.Start.AddHours(14.4));
        report.CatchUp.Next.ShouldBe(PlannedSync.Start.AddHours(1));
        report.FullComparison.Next.ShouldBe(PlannedSync.Start.AddDays(1));
    }

    [Fact]
    public void a_sync_with_nothing_to_do_is_not_called_in_sync_while_the_view_may_lack_changes()
    {
        var sync = PlannedSync.InSync();

        var away = StatusReport.Of(sync.State, sync.Options, sync.Now, new StatusInputs(HasLeader: true)
        {
            Broker = new(sync.Now, "No connection."),
        });

        (away.InSync, away.Phase.Text()).ShouldBe((false, "not in sync"));
        Report(sync).Phase.Text().ShouldBe("in sync");
    }

    [Fact]
    public void a_parked_item_alone_leaves_the_phase_in_sync_and_the_view_out_of_sync()
    {
        var sync = PlannedSync.InSync();

        var parked = StatusReport.Of(sync.State, sync.Options, sync.Now, new StatusInputs(HasLeader: true)
        {
            Parked = new Dictionary<string, long> { ["projector"] = 1 },
        });

        (parked.InSync, parked.Phase.Text()).ShouldBe((false, "in sync"));
    }

    [Fact]
    public void a_report_says_why_the_channel_could_not_be_renewed()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(TimeSpan.FromHours(15));
        sync.Hear(new ChannelRenewalFailed("Zoho answered 503."));
        var channel = Report(sync).Channel;
        (channel.Trouble, channel.NextRenewal).ShouldBe(("Zoho answered 503.", sync.Now + TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void an_attempt_that_failed_before_the_one_that_succeeded_is_no_trouble_of_an_open_channel()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(TimeSpan.FromHours(15));
        sync.Subscribe().Hear(new ChannelRenewalFailed("Zoho answered 503."));
        Report(sync).Channel.Trouble.ShouldBeNull();
    }

    private static StatusReport Report(PlannedSync sync) =>
        StatusReport.Of(sync.State, sync.Options, sync.Now, new StatusInputs(HasLeader: true));
}
