using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;

namespace LeadSync.UnitTests.Scheduler.Planning;

public sealed class BulkReadPlanTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Seconds. From the tenth failure on, more than a day of them.
    private static readonly double[] GrowingPauses =
        [5, 10, 20, 40, 80, 160, 300, 300, 300, 2560, 5120, 7200, 7200, 7200, 7200, 7200, 7200];

    [Fact]
    public void a_projected_job_that_was_never_reported_as_ready_is_given_up_once()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Tick();
        sync.Hear(sync.JobCreated(), sync.PageProjected());
        sync.TickAfter(TimeSpan.FromHours(1));
        sync.TickAfter(TimeSpan.FromSeconds(1));
        sync.Events.OfType<BulkJobFailed>().ShouldHaveSingleItem();
        sync.TickAfter(TimeSpan.FromMinutes(1)).OfType<StartBulkRead>().ShouldHaveSingleItem();
    }

    [Fact]
    public void nothing_is_read_before_the_channel_is_open()
    {
        var sync = new PlannedSync();
        sync.SecondsOf<StartBulkRead>(TimeSpan.FromMinutes(2)).ShouldBeEmpty();
        sync.Subscribe().Tick().ShouldBe([new StartBulkRead(sync.State.Run!.Id, 1, null, null, NotAfter: sync.Now + CommandLife.OfJob)]);
    }

    [Fact]
    public void a_job_is_asked_for_again_when_none_was_created_within_a_minute()
    {
        var sync = Reading();
        sync.SecondsOf<StartBulkRead>(TimeSpan.FromSeconds(241)).ShouldBe([60, 120, 180, 240]);
        sync.SecondsUntil<StartBulkRead>().ShouldBeInRange(79, 100, "the fifth pause is longer than a minute");
    }

    [Fact]
    public void a_job_is_checked_with_growing_pauses()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated());
        sync.SecondsOf<CheckBulkJob>(TimeSpan.FromSeconds(250)).ShouldBe([1, 3, 7, 15, 31, 63, 123, 183, 243]);
    }

    [Fact]
    public void a_job_is_checked_at_once_when_zoho_called_back()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated());
        sync.SecondsOf<CheckBulkJob>(TimeSpan.FromSeconds(32));
        sync.Hear(new BulkJobCalledBack("job-of-somebody-else")).TickAfter(Second).ShouldBeEmpty();
        sync.Hear(new BulkJobCalledBack("job-1")).TickAfter(Second)
            .ShouldBe([new CheckBulkJob(sync.State.Run!.Id, 1, "job-1", sync.Now + CommandLife.Short)]);
        sync.TickAfter(Second).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("token-of-page-1")]
    [InlineData(null)]
    public void the_next_page_is_asked_for_while_the_one_before_is_being_projected(string? token)
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true, token: token));
        sync.TickAfter(Second).ShouldBe([new StartBulkRead(sync.State.Run!.Id, 2, token, null, NotAfter: sync.Now + CommandLife.OfJob)]);
    }

    [Fact]
    public void a_page_that_nobody_projected_is_asked_for_again()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated(), sync.PageReady());
        sync.SecondsOf<CheckBulkJob>(TimeSpan.FromMinutes(35)).ShouldBe([600, 1800]);
    }

    [Fact]
    public void a_failed_job_is_created_again_with_growing_pauses()
    {
        var sync = Reading();
        for (var attempt = 1; attempt <= GrowingPauses.Length; attempt++)
        {
            var job = $"job-{attempt}";
            sync.Hear(sync.JobCreated(job: job), new BulkJobFailed(sync.State.Run!.Id, 1, job, "Zoho failed."));
            ShouldBeThePause(sync.SecondsUntil<StartBulkRead>(), attempt);
        }
    }

    [Fact]
    public void a_run_that_must_begin_again_and_again_does_so_with_growing_pauses()
    {
        var sync = Reading();
        for (var attempt = 1; attempt <= GrowingPauses.Length; attempt++)
        {
            sync.Hear(new BulkJobFailed(sync.State.Run!.Id, 1, null, "The page token has expired.", RestartRun: true));
            ShouldBeThePause(sync.SecondsUntil<StartBulkRead>(), attempt);
        }
    }

    [Fact]
    public void a_command_for_another_job_names_the_jobs_that_failed()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated(), new BulkJobFailed(sync.State.Run!.Id, 1, "job-1", "Zoho failed."));
        sync.TickAfter(10 * Second).OfType<StartBulkRead>().ShouldHaveSingleItem().FailedJobIds.ShouldBe(["job-1"]);
    }

    [Fact]
    public void while_paused_neither_a_run_nor_a_page_is_begun_again()
    {
        var sync = Reading();
        var run = sync.State.Run!.Id;
        sync.Hear(new SyncPaused(sync.Now), new BulkJobFailed(run, 1, null, "Zoho answered 429."));
        sync.SecondsOf<StartBulkRead>(TimeSpan.FromMinutes(1)).ShouldBeEmpty();
        sync.Hear(new BulkJobFailed(run, 1, null, "The page token has expired.", RestartRun: true)).TickAfter(Second);
        sync.State.Run!.Id.ShouldBe(run);

        sync.Hear(new SyncResumed(sync.Now)).TickAfter(Second);
        sync.State.Run!.Attempt.ShouldBe(2);
    }

    [Fact]
    public void a_run_that_must_begin_again_asks_for_nothing_more()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated(), new SyncPaused(sync.Now));
        sync.Hear(new BulkJobFailed(sync.State.Run!.Id, 2, null, "The page token has expired.", RestartRun: true), sync.PageReady());
        sync.SecondsOf<CheckBulkJob>(TimeSpan.FromHours(2)).ShouldBeEmpty();
    }

    [Fact]
    public void of_two_jobs_without_a_file_the_one_that_zoho_created_first_counts()
    {
        var sync = Reading();
        sync.Hear(sync.PageProjected(job: "job-0"), sync.JobCreated(job: "job-c"), sync.JobCreated(job: "job-d"));
        sync.Hear(sync.JobCreated(job: "job-a") with { CreatedTime = sync.Now + Second });

        sync.TickAfter(Second).OfType<CheckBulkJob>().ShouldHaveSingleItem().JobId.ShouldBe("job-c");
    }

    [Fact]
    public void of_two_jobs_the_one_with_a_file_counts()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated(job: "job-a"), sync.PageReady(job: "job-b", more: true, token: "of-b"));

        sync.TickAfter(Second).OfType<StartBulkRead>().ShouldHaveSingleItem().PageToken.ShouldBe("of-b");
    }

    [Fact]
    public void of_two_reports_about_a_file_the_first_counts()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true, token: "first"), sync.PageReady(more: true, token: "second"));

        sync.TickAfter(Second).OfType<StartBulkRead>().ShouldHaveSingleItem().PageToken.ShouldBe("first");
    }

    [Fact]
    public void a_job_whose_command_was_not_recorded_is_checked_and_given_up_like_any_other()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Hear(Plan.Next(sync.State, sync.Options, sync.Now).Events);
        sync.Hear(sync.JobCreated());

        sync.SecondsOf<CheckBulkJob>(TimeSpan.FromSeconds(4)).ShouldBe([1, 3]);
        sync.SecondsOf<StartBulkRead>(TimeSpan.FromSeconds(3600)).ShouldBe([3596]);
    }

    [Fact]
    public void a_message_about_another_run_or_no_page_changes_nothing()
    {
        var sync = Reading();
        var before = sync.State;
        sync.Hear(sync.JobCreated() with { RunId = Guid.NewGuid() }, sync.JobCreated(page: 0)).State.ShouldBe(before);
    }

    [Fact]
    public void a_job_that_could_not_be_created_is_asked_for_again_with_growing_pauses()
    {
        var sync = Reading();
        sync.Hear(new BulkJobFailed(sync.State.Run!.Id, 1, null, "Zoho answered 429."));
        sync.SecondsUntil<StartBulkRead>().ShouldBeInRange(5, 8);
        sync.Hear(new BulkJobFailed(sync.State.Run!.Id, 1, null, "Zoho answered 429."));
        sync.SecondsUntil<StartBulkRead>().ShouldBeInRange(10, 14);
    }

    [Fact]
    public void a_page_that_was_rejected_is_read_by_a_new_job_and_the_run_waits_for_it()
    {
        var sync = Reading();
        var run = sync.State.Run!.Id;
        sync.Hear(sync.JobCreated(), sync.PageReady(), new BulkPageRejected(run, 1, "job-1", "The zip is truncated."));
        sync.SecondsOf<StartBulkRead>(TimeSpan.FromSeconds(10)).Count.ShouldBe(1);
        sync.Hear(sync.JobCreated(job: "job-2"), sync.PageReady(job: "job-2"));
        sync.State.LastGoodSync.ShouldBeNull();
        sync.Hear(sync.PageProjected(job: "job-2"));
        sync.State.LastFullRead!.RunId.ShouldBe(run);
    }

    [Fact]
    public void a_page_with_only_bad_files_is_requested_less_and_less_often_and_costs_a_limited_number_of_credits_a_day()
    {
        var sync = Reading();
        var jobs = 1;
        int JobsWithin(TimeSpan time)
        {
            for (var (before, until) = (jobs, sync.Now + time); ;)
            {
                sync.Hear(
                    sync.JobCreated(job: $"job-{jobs}"), sync.PageReady(job: $"job-{jobs}"),
                    new BulkPageRejected(sync.State.Run!.Id, 1, $"job-{jobs}", "The zip is truncated."));
                while (sync.Now < until && !sync.TickAfter(TimeSpan.FromSeconds(5)).OfType<StartBulkRead>().Any())
                {
                }

                if (sync.Now >= until)
                    return jobs - before;
                jobs++;
            }
        }

        JobsWithin(TimeSpan.FromMinutes(30)).ShouldBeInRange(6, 12);
        JobsWithin(TimeSpan.FromDays(1)).ShouldBeInRange(8, 18);
        JobsWithin(TimeSpan.FromDays(1)).ShouldBeInRange(8, 12);
    }

    [Fact]
    public void a_job_that_is_not_completed_within_an_hour_has_failed()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated());
        sync.SecondsOf<StartBulkRead>(TimeSpan.FromSeconds(3605)).ShouldBe([3600]);
        var failed = sync.Events.OfType<BulkJobFailed>().ShouldHaveSingleItem();
        (failed.JobId, failed.Reason).ShouldBe(("job-1", "Zoho did not complete the job within 1 h."));
    }

    [Fact]
    public void each_further_job_of_a_page_gets_twice_the_time()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated());
        sync.SecondsUntil<StartBulkRead>();
        sync.Hear(sync.JobCreated(job: "job-2"));

        sync.SecondsUntil<StartBulkRead>().ShouldBeInRange(7100, 7200);
        sync.Hear(sync.JobCreated(job: "job-3"));
        sync.SecondsUntil<StartBulkRead>().ShouldBeInRange(14300, 14400);
    }

    [Fact]
    public void of_two_jobs_of_a_page_either_completes_the_page()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated(job: "job-a"), sync.JobCreated(job: "job-b"));
        sync.Hear(sync.PageReady(job: "job-b"), sync.PageProjected(job: "job-b"));
        sync.State.LastFullRead.ShouldNotBeNull();
    }

    [Fact]
    public void a_projected_page_stays_projected_when_another_job_of_it_appears()
    {
        var sync = Reading();
        sync.Hear(sync.JobCreated(job: "job-b"), sync.PageReady(more: true, job: "job-b"), sync.PageProjected(job: "job-b"));
        sync.Hear(sync.JobCreated(job: "job-a"), sync.PageReady(more: true, job: "job-a"));
        sync.Hear(sync.JobCreated(2), sync.PageReady(2), sync.PageProjected(2));
        sync.State.LastFullRead.ShouldNotBeNull();
    }

    [Fact]
    public void a_repeated_failure_does_not_fail_the_job_that_was_requested_since()
    {
        var sync = Reading();
        var failed = new BulkJobFailed(sync.State.Run!.Id, 1, "job-1", "Zoho failed.");
        sync.Hear(sync.JobCreated(), failed).SecondsUntil<StartBulkRead>();
        sync.Hear(failed).SecondsUntil<StartBulkRead>().ShouldBe(60);
    }

    [Fact]
    public void a_run_that_cannot_continue_begins_again_after_a_pause()
    {
        var sync = Reading();
        var first = sync.State.Run!;
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true, token: "t"));
        sync.Hear(new BulkJobFailed(first.Id, 2, null, "The page token has expired.", RestartRun: true));
        sync.SecondsOf<StartBulkRead>(TimeSpan.FromSeconds(10)).Single().ShouldBeInRange(5, 8);
        var second = sync.State.Run!;
        second.Id.ShouldNotBe(first.Id);
        (second.Purpose, second.Attempt).ShouldBe((BulkPurpose.InitialRead, 2));

        sync.Hear(new BulkPageProjected(first.Id, 1, "job-1", 1, 0, 0));
        sync.State.Run.ShouldBe(second with { Pages = sync.State.Run!.Pages });
    }

    [Fact]
    public void the_last_good_time_is_that_of_the_first_job_and_set_when_every_page_is_projected()
    {
        var sync = Reading();
        var firstCreated = sync.Now;
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true));
        sync.TickAfter(TimeSpan.FromMinutes(1));
        sync.Hear(sync.JobCreated(2), sync.PageReady(2), sync.PageProjected(2));
        sync.State.LastGoodSync.ShouldBeNull();
        sync.Hear(sync.PageProjected());
        sync.State.LastGoodSync.ShouldBe(firstCreated);
    }

    private static void ShouldBeThePause(double seconds, int attempt) =>
        seconds.ShouldBeInRange(GrowingPauses[attempt - 1], (GrowingPauses[attempt - 1] * 1.25) + 2);

    private static PlannedSync Reading()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Tick().OfType<StartBulkRead>().Count().ShouldBe(1);
        return sync;
    }
}
