using LeadSync.Contracts;
using LeadSync.Scheduler;
using LeadSync.Scheduler.Planning;

namespace LeadSync.UnitTests.Scheduler.Planning;

public sealed class CatchUpPlanTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    [Fact]
    public void no_catch_up_begins_before_the_first_full_read()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Hear(
            new LeadershipTaken(sync.Now), new CatchUpRequested(sync.Now), new GapDetected("The broker was down.", sync.Now, sync.Now));
        sync.SecondsOf<CatchUp>(TimeSpan.FromMinutes(5)).ShouldBeEmpty();
        sync.State.Gaps.All.ShouldBeEmpty();
    }

    [Fact]
    public void the_first_catch_up_follows_the_first_read_and_reads_from_a_little_before_the_first_job()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected());
        var since = PlannedSync.Start - Overlap;
        var sent = sync.TickAfter(Second).OfType<CatchUp>().ShouldHaveSingleItem();
        (sent.CatchUpId, sent.Since, sent.DeletedSince).ShouldBe((sync.State.CatchUps.Current!.Id, since, since));
        (sent.NotAfter, sent.Patience).ShouldBe((sync.Now + TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)), "it gives up then");
    }

    [Fact]
    public void the_first_catch_up_reads_deletions_since_the_first_lead_may_have_been_read()
    {
        var sync = new PlannedSync();
        sync.Hear(new LeadershipTaken(sync.Now));
        sync.TickAfter(TimeSpan.FromHours(3));
        sync.Subscribe().Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected());
        sync.Tick().OfType<CatchUp>().Single().DeletedSince.ShouldBe(PlannedSync.Start - Overlap);
    }

    [Fact]
    public void the_last_good_time_advances_only_when_every_page_is_projected_in_whatever_order()
    {
        var (sync, round) = CatchingUp();
        var (before, until) = (sync.State.LastGoodSync, sync.Now);
        sync.Hear(new CatchUpPageProjected(round, 3), new CatchUpRead(round, until, 3, 250), new CatchUpPageProjected(round, 1));
        sync.State.LastGoodSync.ShouldBe(before);
        sync.Hear(new CatchUpPageProjected(round, 2));
        sync.State.LastGoodSync.ShouldBe(until);
    }

    [Fact]
    public void of_two_readings_under_one_id_the_earlier_end_counts()
    {
        var (sync, round) = CatchingUp();
        var (before, until) = (sync.State.LastGoodSync, sync.Now);
        sync.Hear(new CatchUpRead(round, until, 2, 80), new CatchUpRead(round, until + Second, 1, 40), new CatchUpPageProjected(round, 1));
        sync.State.LastGoodSync.ShouldBe(before);
        sync.Hear(new CatchUpPageProjected(round, 2));
        sync.State.LastGoodSync.ShouldBe(until);
    }

    [Fact]
    public void the_last_good_time_never_goes_back()
    {
        var (sync, round) = CatchingUp();
        var before = sync.State.LastGoodSync;
        sync.Hear(new CatchUpRead(round, PlannedSync.Start - TimeSpan.FromHours(1), 0, 0));
        sync.State.LastGoodSync.ShouldBe(before);
        sync.State.CatchUps.Current.ShouldBeNull();
    }

    [Fact]
    public void the_next_catch_up_begins_where_the_last_one_ended_less_the_overlap()
    {
        var (sync, round) = CatchingUp();
        var until = sync.Now;
        sync.Hear(new CatchUpRead(round, until, 0, 0));
        sync.SecondsUntil<CatchUp>().ShouldBe(3600);
        sync.State.CatchUps.Current!.Since.ShouldBe(until - Overlap);
    }

    [Fact]
    public void a_scheduled_catch_up_begins_at_each_interval_even_during_a_comparison()
    {
        var sync = PlannedSync.InSync(new SchedulerOptions { CatchUpInterval = TimeSpan.FromSeconds(5) });
        sync.Hear(new FullComparisonRequested(sync.Now)).Tick().OfType<StartBulkRead>().Count().ShouldBe(1);
        for (var i = 0; i < 3; i++)
        {
            sync.SecondsUntil<CatchUp>().ShouldBe(5);
            sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0));
        }
    }

    [Fact]
    public void a_catch_up_is_due_at_once_when_ordered_when_a_leader_takes_over_and_when_a_gap_has_ended()
    {
        var sync = PlannedSync.InSync();
        Finish(sync.Hear(new CatchUpRequested(sync.Now)));
        Finish(sync.Hear(new LeadershipTaken(sync.Now)));
        sync.TickAfter(Second * 20);
        Finish(sync.Hear(new GapDetected("The broker was down.", sync.Now - (5 * Second), sync.Now)));

        static void Finish(PlannedSync sync)
        {
            sync.TickAfter(Second).OfType<CatchUp>().Count().ShouldBe(1);
            sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0));
            sync.SecondsOf<CatchUp>(TimeSpan.FromMinutes(1)).ShouldBeEmpty();
        }
    }

    [Fact]
    public void a_gap_is_caught_up_again_until_it_is_covered()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(20 * Second);
        sync.Hear(new GapDetected("The broker was down.", sync.Now - (5 * Second), sync.Now));
        var end = sync.Now;
        sync.Tick();
        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, end - Second, 0, 0));
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.CatchingUp);
        sync.SecondsUntil<CatchUp>().ShouldBe(10);
        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, end, 0, 0)).TickAfter(Second);
        sync.State.Gaps.Open.ShouldBeEmpty();
        sync.State.Gaps.Closed.ShouldHaveSingleItem().ClosedAt.ShouldBe(sync.Now);
    }

    [Fact]
    public void a_failed_catch_up_is_tried_again_under_a_new_id_with_growing_pauses()
    {
        var (sync, _) = CatchingUp();
        double[] expected = [5, 10, 20, 40, 80, 160, 300, 300];
        foreach (var pause in expected)
        {
            var failed = sync.State.CatchUps.Current!.Id;
            sync.Hear(new CatchUpFailed(failed, "Zoho answered 503."), new CatchUpFailed(failed, "Zoho answered 503."));
            sync.SecondsUntil<CatchUp>().ShouldBeInRange(pause, (pause * 1.25) + 1);
            sync.State.CatchUps.Current!.Id.ShouldNotBe(failed);
        }
    }

    [Fact]
    public void a_catch_up_without_progress_for_five_minutes_is_given_up()
    {
        var (sync, round) = CatchingUp();
        sync.SecondsOf<CatchUp>(TimeSpan.FromMinutes(4)).ShouldBeEmpty();
        sync.Hear(new CatchUpPageProjected(round, 1));
        sync.SecondsOf<CatchUp>(TimeSpan.FromMinutes(5)).ShouldBeEmpty();
        sync.SecondsOf<CatchUp>(TimeSpan.FromMinutes(2)).Count.ShouldBe(1);

        var before = sync.State.LastGoodSync;
        sync.Hear(new CatchUpRead(round, sync.Now, 1, 10));
        sync.State.LastGoodSync.ShouldBe(before);
    }

    [Fact]
    public void a_new_leader_gives_up_a_catch_up_that_may_not_have_been_sent()
    {
        var (sync, round) = CatchingUp();
        sync.Hear(new LeadershipTaken(sync.Now));
        sync.TickAfter(Second).OfType<CatchUp>().ShouldHaveSingleItem().CatchUpId.ShouldNotBe(round);
    }

    [Fact]
    public void a_catch_up_that_is_too_large_becomes_a_bulk_read_and_the_next_one_reads_its_deletions()
    {
        var (sync, round) = CatchingUp();
        var (before, since) = (sync.State.LastGoodSync, sync.State.CatchUps.Current!.Since);
        sync.Hear(new CatchUpTooLarge(round, since)).Tick()
            .ShouldBe([new StartBulkRead(sync.State.Run!.Id, 1, null, since, NotAfter: sync.Now + CommandLife.OfJob)]);
        var created = sync.Now;
        sync.Hear(sync.JobCreated(), sync.PageReady());
        sync.SecondsOf<CatchUp>(TimeSpan.FromMinutes(2)).ShouldBeEmpty();

        sync.Hear(sync.PageProjected());
        sync.State.LastGoodSync.ShouldBe(before);
        var next = sync.Tick().ShouldHaveSingleItem().ShouldBeOfType<CatchUp>();
        (next.Since, next.DeletedSince).ShouldBe((created - Overlap, since));

        sync.Hear(new CatchUpRead(next.CatchUpId, sync.Now, 0, 0));
        sync.State.LastGoodSync.ShouldBe(sync.Now);
    }

    [Fact]
    public void a_catch_up_that_is_too_large_waits_for_a_running_full_read()
    {
        var (sync, round) = CatchingUp();
        sync.Hear(new FullComparisonRequested(sync.Now)).Tick();
        sync.Hear(sync.JobCreated(), new CatchUpTooLarge(round, sync.Now));
        sync.SecondsOf<CatchUp>(TimeSpan.FromHours(2)).ShouldBeEmpty();
        sync.Hear(sync.PageReady(), sync.PageProjected()).Tick().OfType<CatchUp>().Count().ShouldBe(1);
        sync.State.Run.ShouldBeNull();
    }

    [Fact]
    public void an_ordered_catch_up_does_not_wait_for_the_pause_after_failures()
    {
        var (sync, round) = CatchingUp();
        for (var failures = 0; failures < 6; failures++)
        {
            sync.Hear(new CatchUpFailed(round, "Zoho is away."));
            sync.SecondsUntil<CatchUp>();
            round = sync.State.CatchUps.Current!.Id;
        }

        sync.Hear(new CatchUpFailed(round, "Zoho is away."));
        sync.TickAfter(Second).OfType<CatchUp>().ShouldBeEmpty();
        sync.Hear(new CatchUpRequested(sync.Now));
        sync.TickAfter(Second).OfType<CatchUp>().Count().ShouldBe(1);
    }

    [Fact]
    public void an_ordered_catch_up_replaces_one_that_hangs_within_a_second()
    {
        var (sync, hung) = CatchingUp();
        // The patience has grown to an hour.
        for (var failures = 0; failures < 6; failures++)
            sync.SecondsUntil<CatchUp>();
        hung = sync.State.CatchUps.Current!.Id;
        sync.TickAfter(TimeSpan.FromMinutes(1)).OfType<CatchUp>().ShouldBeEmpty();

        sync.Hear(new CatchUpRequested(sync.Now));

        sync.TickAfter(Second).OfType<CatchUp>().ShouldHaveSingleItem().CatchUpId.ShouldNotBe(hung);
        sync.State.CatchUps.Ended[0].Trouble.ShouldBe("An operator asked for another.");
        sync.SecondsOf<CatchUp>(TimeSpan.FromMinutes(1)).ShouldBeEmpty("it was asked for once");
    }

    [Fact]
    public void an_ordered_catch_up_waits_for_one_that_progresses_or_has_just_begun()
    {
        var (sync, round) = CatchingUp();
        sync.Hear(new CatchUpRequested(sync.Now));
        sync.SecondsOf<CatchUp>(10 * Second).ShouldBeEmpty();
        sync.Hear(new CatchUpPageProjected(round, 1));
        sync.SecondsOf<CatchUp>(TimeSpan.FromMinutes(2)).ShouldBeEmpty();

        sync.Hear(new CatchUpRead(round, sync.Now, 1, 10));

        sync.TickAfter(Second).OfType<CatchUp>().Count().ShouldBe(1);
    }

    [Fact]
    public void an_ordered_catch_up_replaces_one_that_has_shown_nothing_for_fifteen_seconds()
    {
        var (sync, _) = CatchingUp();
        sync.Hear(new CatchUpRequested(sync.Now)).SecondsOf<CatchUp>(TimeSpan.FromMinutes(1)).ShouldBe([15]);
    }

    [Fact]
    public void a_catch_up_is_given_up_when_its_command_expires()
    {
        var (sync, _) = CatchingUp();
        sync.TickAfter(TimeSpan.FromMinutes(5));
        (sync.State.CatchUps.Current, sync.State.CatchUps.LastFailure).ShouldBe((null, "No progress within 5 minutes."));
    }

    [Fact]
    public void a_failure_of_another_catch_up_changes_nothing()
    {
        var (sync, _) = CatchingUp();
        var before = sync.State;
        var other = Guid.NewGuid();
        sync.Hear(new CatchUpFailed(other, "Zoho is away."), new CatchUpTooLarge(other, sync.Now), new CatchUpRead(other, sync.Now, 0, 0));
        sync.State.ShouldBe(before);
    }

    [Fact]
    public void the_actions_of_a_catch_up_that_is_too_large_end_with_the_one_after_the_bulk_read()
    {
        var (sync, _) = CatchingUp();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        sync.Hear(new CatchUpRequested(sync.Now, first)).TickAfter(15 * Second);
        sync.Hear(new CatchUpRequested(sync.Now, second), new CatchUpTooLarge(sync.State.CatchUps.Current!.Id, sync.Now));
        sync.State.CatchUps.Ended[0].Trouble.ShouldBe("So much was modified that it is read in bulk.");
        sync.Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected()).Tick();

        var round = sync.State.CatchUps.Current.ShouldNotBeNull();
        sync.Hear(new CatchUpRead(round.Id, sync.Now, 0, 0));

        sync.State.CatchUps.Ended[0].ShouldSatisfyAllConditions(
            ended => (ended.Id, ended.Outcome, ended.Trouble).ShouldBe((round.Id, Outcome.Completed, null)),
            ended => ended.Actions.ShouldBe([first, second]));
        sync.State.CatchUps.Actions.ShouldBeEmpty();
    }

    [Fact]
    public void the_actions_of_a_catch_up_that_a_new_leader_gives_up_end_with_the_next()
    {
        var (sync, _) = CatchingUp();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        sync.Hear(new CatchUpRequested(sync.Now, first)).TickAfter(15 * Second);
        sync.Hear(new CatchUpRequested(sync.Now, second), new LeadershipTaken(sync.Now)).TickAfter(Second);

        sync.State.CatchUps.Current!.Actions.ShouldBe([first, second]);
    }

    [Fact]
    public void the_last_twenty_results_and_actions_are_remembered_and_actions_from_before_they_had_ids_are_not()
    {
        var (sync, _) = CatchingUp();
        var actions = Enumerable.Range(0, 25).Select(_ => Guid.NewGuid()).ToList();
        sync.Hear(actions.Select(id => new CatchUpRequested(sync.Now, id))).Hear(new CatchUpRequested(sync.Now));
        sync.State.CatchUps.Actions.ShouldBe(actions.TakeLast(20));

        for (var round = 0; round < 25; round++)
        {
            sync.Hear(new CatchUpFailed(sync.State.CatchUps.Current!.Id, $"Failure {round}."), new CatchUpRequested(sync.Now));
            sync.TickAfter(Second);
        }

        sync.State.CatchUps.Ended.Select(ended => ended.Trouble)
            .ShouldBe(Enumerable.Range(5, 20).Reverse().Select(round => $"Failure {round}."));
    }

    [Fact]
    public void deletions_are_read_since_the_first_leader_whoever_leads_later()
    {
        var sync = new PlannedSync();
        sync.Hear(new LeadershipTaken(sync.Now)).TickAfter(TimeSpan.FromHours(3));
        sync.Hear(new LeadershipTaken(sync.Now)).Subscribe().Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected());
        sync.State.DeletedThrough.ShouldBe(PlannedSync.Start);
    }

    [Fact]
    public void when_comparisons_of_hidden_deletions_keep_missing_leads_the_fourth_waits_for_its_interval()
    {
        var (sync, round) = CatchingUp();
        sync.Hear(new CatchUpRead(round, sync.Now, 0, 0, AreDeletionsComplete: false));
        Compare(sync, missing: 8_000);
        for (var comparison = 2; comparison <= 3; comparison++)
        {
            sync.SecondsUntil<StartBulkRead>().ShouldBe(600);
            Compare(sync, missing: 8_000);
        }

        sync.SecondsUntil<StartBulkRead>().ShouldBe(86_400);
    }

    [Fact]
    public void an_ordered_catch_up_that_may_not_begin_replaces_none()
    {
        var (sync, round) = CatchingUp();
        sync.TickAfter(TimeSpan.FromMinutes(1));

        sync.Hear(new CatchUpRequested(sync.Now), new SyncPaused(sync.Now)).TickAfter(Second);

        sync.State.CatchUps.Current!.Id.ShouldBe(round);
    }

    [Fact]
    public void a_catch_up_that_failed_for_lack_of_time_is_given_more()
    {
        var (sync, _) = CatchingUp();
        sync.SecondsUntil<CatchUp>().ShouldBeInRange(300, 310);

        sync.SecondsUntil<CatchUp>().ShouldBeInRange(600, 620);
        sync.State.CatchUps.LastFailure.ShouldBe("No progress within 10 minutes.");
    }

    [Fact]
    public void a_catch_up_that_could_not_read_every_deletion_confirms_none_until_a_comparison_misses_nothing()
    {
        var (sync, round) = CatchingUp();
        var before = sync.State.DeletedThrough;
        sync.Hear(new CatchUpRead(round, sync.Now, 0, 0, AreDeletionsComplete: false));

        (sync.State.DeletedThrough, sync.State.ModifiedThrough).ShouldBe((before, sync.Now));
        sync.State.Gaps.Open.ShouldHaveSingleItem().Cause.ShouldContain("deleted");
        Compare(sync, missing: 8_000);
        sync.State.DeletedThrough.ShouldBe(before);
        sync.State.Gaps.Open.ShouldHaveSingleItem();

        sync.SecondsUntil<StartBulkRead>().ShouldBeInRange(1, 601);
        Compare(sync, missing: 0);
        sync.SecondsUntil<CatchUp>();
        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0));
        sync.Tick();
        sync.State.Gaps.Open.ShouldBeEmpty();
    }

    [Fact]
    public void a_gap_that_only_waits_for_hidden_deletions_causes_no_catch_up_before_the_next_interval()
    {
        var (sync, round) = CatchingUp();
        sync.Hear(new CatchUpRead(round, sync.Now, 0, 0, AreDeletionsComplete: false));
        sync.State.Gaps.Open.ShouldHaveSingleItem();

        sync.SecondsUntil<CatchUp>().ShouldBe(3600);
    }

    [Fact]
    public void a_gap_that_ends_while_deletions_are_hidden_is_caught_up_at_once()
    {
        var (sync, round) = CatchingUp();
        sync.Hear(new CatchUpRead(round, sync.Now, 0, 0, AreDeletionsComplete: false));
        sync.TickAfter(20 * Second);
        sync.Hear(new GapDetected("The broker was down.", sync.Now - (5 * Second), sync.Now));

        sync.Tick().OfType<CatchUp>().Count().ShouldBe(1);
    }

    [Fact]
    public void whether_leads_slipped_between_two_pages_is_open_until_a_catch_up_has_read_every_deletion()
    {
        var (sync, round) = CatchingUp();
        sync.Hear(new CatchUpRead(round, sync.Now, 0, 0, AreDeletionsComplete: false));
        Compare(sync, missing: 8_000);
        sync.Hear(new CatchUpTooLarge(Ordered(sync), sync.Now)).Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true, token: "next"), sync.PageProjected()).Tick();
        sync.Hear(sync.JobCreated(2), sync.PageReady(2), sync.PageProjected(2)).Tick();

        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0, AreDeletionsComplete: false));
        sync.State.IsFullComparisonWanted.ShouldBeFalse();
        sync.Hear(new CatchUpRead(Ordered(sync), sync.Now, 1, 1, LatestDeletion: sync.Now));
        sync.State.IsFullComparisonWanted.ShouldBeTrue();

        static Guid Ordered(PlannedSync sync) =>
            sync.Hear(new CatchUpRequested(sync.Now)).TickAfter(Second).OfType<CatchUp>().Single().CatchUpId;
    }

    // Runs a full comparison to its result.
    private static void Compare(PlannedSync sync, int missing)
    {
        sync.Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected());
        var sent = sync.Tick().OfType<CompareLeads>().Single();
        sync.Hear(new LeadsCompared(sent.RunId, 100_000, missing));
        if (sync.State.CatchUps.Current is { } round)
            sync.Hear(new CatchUpRead(round.Id, sync.Now, 0, 0, AreDeletionsComplete: missing == 0));
    }

    private static (PlannedSync Sync, Guid CatchUpId) CatchingUp()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(TimeSpan.FromMinutes(30));
        sync.Hear(new CatchUpRequested(sync.Now));
        return (sync, sync.TickAfter(Second).OfType<CatchUp>().Single().CatchUpId);
    }
}
