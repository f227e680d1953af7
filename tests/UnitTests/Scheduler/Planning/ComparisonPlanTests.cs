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
