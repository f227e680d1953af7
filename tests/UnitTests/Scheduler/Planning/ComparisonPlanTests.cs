using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;

namespace LeadSync.UnitTests.Scheduler.Planning;

public sealed class ComparisonPlanTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void everything_is_read_again_at_each_interval()
    {
        var sync = PlannedSync.InSync();
        sync.SecondsUntil<StartBulkRead>().ShouldBe(86_400);
        (sync.State.Run!.Purpose, sync.State.Run.ModifiedSince).ShouldBe((BulkPurpose.FullComparison, null));
    }

    [Fact]
    public void a_full_read_is_compared_with_the_view_once()
    {
        var (sync, run) = Comparing();
        var created = sync.Now;
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected());
        sync.Tick().OfType<CompareLeads>().ShouldBe([new CompareLeads(run, created, 0.05, Pages: 1)]);
        sync.Hear(new LeadsCompared(run, 1000, 3), new LeadsCompared(run, 1000, 3));
        sync.State.LastComparison.ShouldBe(new LeadsCompared(run, 1000, 3));
        sync.SecondsOf<CompareLeads>(TimeSpan.FromHours(1)).ShouldBeEmpty();
    }

    [Fact]
    public void a_comparison_without_an_answer_is_asked_for_again()
    {
        var (sync, _) = Comparing();
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected()).Tick();
        sync.SecondsOf<CompareLeads>(TimeSpan.FromMinutes(31)).ShouldBe([600, 1800]);
    }

    [Fact]
    public void a_comparison_that_misses_too_many_leads_waits_until_it_is_released()
    {
        var (sync, run) = HeldBack();
        sync.SecondsOf<AnnounceMissing>(TimeSpan.FromHours(1)).ShouldBeEmpty();

        sync.Hear(new HeldComparisonReleased(run, sync.Now));
        sync.Tick().ShouldContain(new AnnounceMissing(run));
        sync.Hear(new LeadsCompared(run, 1000, 400, HeldBack: true));
        sync.SecondsOf<AnnounceMissing>(TimeSpan.FromMinutes(31)).ShouldBe([600, 1800]);
        sync.Hear(new LeadsCompared(run, 1000, 400));
        sync.State.HeldComparison.ShouldBeNull();
        sync.SecondsOf<AnnounceMissing>(TimeSpan.FromHours(1)).ShouldBeEmpty();
    }

    [Fact]
    public void a_held_comparison_can_be_dropped_or_is_replaced_by_the_next()
    {
        var (sync, run) = HeldBack();
        sync.Hear(new HeldComparisonDropped(run, sync.Now)).State.HeldComparison.ShouldBeNull();

        (sync, _) = HeldBack();
        sync.Hear(new FullComparisonRequested(sync.Now)).Tick();
        var next = sync.State.Run!.Id;
        sync.Hear(sync.JobCreated(job: "next"), sync.PageReady(job: "next"), sync.PageProjected(job: "next")).Tick();
        sync.Hear(new LeadsCompared(next, 1000, 0)).State.HeldComparison.ShouldBeNull();
    }

    [Fact]
    public void a_comparison_does_not_confirm_deletions()
    {
        var (sync, _) = Comparing();
        var before = sync.State.LastGoodSync;
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected());
        sync.State.LastGoodSync.ShouldBe(before);

        var next = sync.Tick().OfType<CatchUp>().ShouldHaveSingleItem();
        next.DeletedSince.ShouldBe(before - TimeSpan.FromMinutes(2));
        next.Since.ShouldBe(sync.Now - TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void a_window_that_was_read_with_other_fields_has_everything_read_again()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new CatchUpRequested(sync.Now)).Tick();
        sync.Hear(new CatchUpTooLarge(sync.State.CatchUps.Current!.Id, sync.Now)).Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(fields: "f2"), sync.PageProjected());
        sync.TickAfter(Second).OfType<StartBulkRead>().ShouldHaveSingleItem().ModifiedSince.ShouldBeNull();
        sync.State.Run!.Purpose.ShouldBe(BulkPurpose.FullComparison);
    }

    [Fact]
    public void when_the_fields_change_between_two_pages_everything_is_read_again_soon()
    {
        var (sync, _) = Comparing();
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true), sync.PageProjected()).Tick();
        sync.Hear(sync.JobCreated(2), sync.PageReady(2, fields: "f2"), sync.PageProjected(2));
        sync.SecondsUntil<StartBulkRead>().ShouldBe(600);
    }

    [Theory]
    [InlineData(2, 5, true)]
    [InlineData(2, 0, true)]
    [InlineData(2, -5, false)]
    [InlineData(2, null, false)]
    [InlineData(1, 5, false)]
    public void leads_deleted_while_the_first_pages_were_read_have_everything_read_once_more(
        int pages, int? deletedAfterSeconds, bool again)
    {
        var sync = new PlannedSync();
        sync.Hear(new LeadershipTaken(sync.Now)).Tick();
        sync.Subscribe().Tick();
        ReadsAgain(sync, pages, deletedAfterSeconds).ShouldBe(again);
    }

    [Theory]
    [InlineData(2, 5, true)]
    [InlineData(2, -5, false)]
    [InlineData(1, 5, false)]
    public void leads_deleted_while_pages_replaced_a_catch_up_have_everything_read_once_more(
        int pages, int deletedAfterSeconds, bool again)
    {
        var sync = TooLarge();
        ReadsAgain(sync, pages, deletedAfterSeconds).ShouldBe(again);
        sync.State.ModifiedThrough.ShouldBe(sync.Now - Second);
    }

    [Fact]
    public void a_second_bulk_read_in_place_of_a_catch_up_does_not_hide_the_first()
    {
        var sync = TooLarge();
        var readFrom = sync.Now;
        Read(sync, pages: 2);
        sync.Hear(new CatchUpTooLarge(sync.State.CatchUps.Current!.Id, readFrom)).TickAfter(Second);
        ReadsAgain(sync, pages: 1, deletedAfterSeconds: -1).ShouldBeTrue();
    }

    [Fact]
    public void a_comparison_of_several_pages_does_not_confirm_modifications()
    {
        var (sync, _) = Comparing();
        var before = sync.State.ModifiedThrough;
        Read(sync, pages: 2);
        sync.State.ModifiedThrough.ShouldBe(before);
        sync.State.CatchUps.Current!.Since.ShouldBe(before!.Value - TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void a_full_read_is_described_by_all_its_pages()
    {
        var (sync, run) = Comparing();
        var readFrom = sync.Now;
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true), sync.PageProjected()).TickAfter(Second);
        sync.Hear(sync.JobCreated(2), sync.PageReady(2) with { Rows = 500 }, sync.PageProjected(2));

        sync.State.LastFullRead.ShouldBe(new FullRead(run, BulkPurpose.FullComparison, readFrom, readFrom, 1500, 2, "f1"));
    }

    [Fact]
    public void a_full_comparison_that_begins_again_keeps_the_actions_that_it_carries_out()
    {
        var sync = PlannedSync.InSync();
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        sync.Hear(new FullComparisonRequested(sync.Now, first)).Tick();
        sync.State.ComparisonActions.ShouldBeEmpty();
        sync.Hear(
            new FullComparisonRequested(sync.Now, second),
            new BulkJobFailed(sync.State.Run!.Id, 1, null, "The page token has expired.", RestartRun: true));
        sync.Tick();

        (sync.State.Run!.Attempt, sync.State.IsFullComparisonWanted).ShouldBe((2, false));
        Read(sync, pages: 1);
        sync.Hear(new LeadsCompared(sync.State.LastFullRead!.RunId, 1000, 0));
        sync.State.EndedComparisons[0].ShouldSatisfyAllConditions(
            ended => (ended.Outcome, ended.Trouble).ShouldBe((Outcome.Completed, null)),
            ended => ended.Actions.ShouldBe([first, second]));
    }

    [Fact]
    public void a_bulk_read_in_place_of_a_catch_up_leaves_a_requested_comparison_to_the_next_run()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new CatchUpRequested(sync.Now)).Tick();
        var action = Guid.NewGuid();
        sync.Hear(new CatchUpTooLarge(sync.State.CatchUps.Current!.Id, sync.Now), new FullComparisonRequested(sync.Now, action)).Tick();
        sync.State.Run!.Purpose.ShouldBe(BulkPurpose.CatchUp);
        sync.State.Run.Actions.ShouldBeEmpty();

        Read(sync, pages: 1);

        sync.State.Run!.Purpose.ShouldBe(BulkPurpose.FullComparison);
        sync.State.Run.Actions.ShouldBe([action]);
    }

    [Fact]
    public void a_held_comparison_keeps_its_actions_until_it_is_dropped()
    {
        var sync = PlannedSync.InSync();
        var action = Guid.NewGuid();
        sync.Hear(new FullComparisonRequested(sync.Now, action)).Tick();
        Read(sync, pages: 1);
        var run = sync.State.LastFullRead!.RunId;
        sync.Hear(new LeadsCompared(run, 1000, 400, HeldBack: true));
        sync.State.EndedComparisons[0].Outcome.ShouldBe(Outcome.HeldBack);
        var held = sync.State;

        sync.Hear(new HeldComparisonDropped(Guid.NewGuid(), sync.Now), new HeldComparisonReleased(Guid.NewGuid(), sync.Now))
            .State.ShouldBe(held, "they name another comparison");
        SyncState.Apply(held, new HeldComparisonReleased(run, sync.Now)).Comparison!.Actions.ShouldBe([action]);
        sync.Hear(new HeldComparisonDropped(run, sync.Now)).State.EndedComparisons[0].ShouldSatisfyAllConditions(
            ended => (ended.Id, ended.Outcome, ended.Trouble).ShouldBe((run, Outcome.Dropped, "An operator dropped it.")),
            ended => ended.Actions.ShouldBe([action]));
    }

    [Fact]
    public void a_held_comparison_that_is_released_during_the_next_leaves_its_leads_to_that_one()
    {
        var (sync, run) = HeldBack();
        sync.Hear(new FullComparisonRequested(sync.Now)).Tick();
        Read(sync, pages: 1);
        var next = sync.State.Comparison.ShouldNotBeNull();

        sync.Hear(new HeldComparisonReleased(run, sync.Now));

        (sync.State.Comparison, sync.State.HeldComparison).ShouldBe((next, null));
    }

    [Fact]
    public void a_report_about_another_comparison_changes_nothing()
    {
        var (sync, _) = Comparing();
        Read(sync, pages: 1);
        var before = sync.State;
        sync.Hear(new LeadsCompared(Guid.NewGuid(), 1000, 0), new CompareLeadsSent(Guid.NewGuid(), sync.Now.AddHours(1)));
        sync.State.ShouldBe(before);
    }

    private static (PlannedSync Sync, Guid Run) HeldBack()
    {
        var (sync, run) = Comparing();
        var readFrom = sync.Now;
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected()).Tick();
        sync.Hear(new LeadsCompared(run, 1000, 400, HeldBack: true));
        sync.State.HeldComparison.ShouldBe(new HeldComparison(run, readFrom, 1000, 400));
        return (sync, run);
    }

    private static (PlannedSync Sync, Guid Run) Comparing()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(TimeSpan.FromMinutes(30));
        sync.Hear(new FullComparisonRequested(sync.Now)).Tick();
        return (sync, sync.State.Run!.Id);
    }

    private static PlannedSync TooLarge()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(TimeSpan.FromMinutes(30));
        sync.Hear(new CatchUpRequested(sync.Now)).Tick();
        sync.Hear(new CatchUpTooLarge(sync.State.CatchUps.Current!.Id, sync.Now)).Tick();
        return sync;
    }

    private static void Read(PlannedSync sync, int pages)
    {
        for (var page = 1; page <= pages; page++)
        {
            sync.Hear(sync.JobCreated(page), sync.PageReady(page, more: page < pages), sync.PageProjected(page));
            sync.Tick();
        }
    }

    /// <summary>
    /// Whether the plan reads everything once more, when a lead was deleted this many seconds after the first page began.
    /// </summary>
    private static bool ReadsAgain(PlannedSync sync, int pages, int? deletedAfterSeconds)
    {
        var readFrom = sync.Now;
        Read(sync, pages);
        var deletion = deletedAfterSeconds is { } seconds ? readFrom.AddSeconds(seconds) : (DateTimeOffset?)null;
        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0, deletion));
        return sync.TickAfter(Second).OfType<StartBulkRead>().Any();
    }
}
