using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;

namespace LeadSync.UnitTests.Scheduler.Planning;

public sealed class RebuildPlanTests
{
    [Fact]
    public void an_ordered_rebuild_is_sent_once_also_while_the_sync_is_paused()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new SyncPaused(sync.Now), new RebuildRequested(false, null, sync.Now));

        sync.Tick().OfType<RebuildView>().ShouldHaveSingleItem().ShouldBe(new RebuildView(sync.State.Rebuild!.Id));
        sync.SecondsOf<RebuildView>(TimeSpan.FromMinutes(14)).ShouldBeEmpty();
    }

    [Fact]
    public void a_rebuild_without_an_answer_is_sent_again_under_the_same_id()
    {
        var sync = Ordered();
        var first = sync.Tick().OfType<RebuildView>().Single();
        sync.TickAfter(TimeSpan.FromMinutes(10));
        sync.Hear(Progress(sync, 10, 100));
        sync.TickAfter(TimeSpan.FromMinutes(14)).OfType<RebuildView>().ShouldBeEmpty("the rebuild made progress");

        sync.TickAfter(TimeSpan.FromMinutes(1)).OfType<RebuildView>().ShouldBe([first]);
    }

    [Fact]
    public void a_second_order_during_a_rebuild_changes_nothing_and_a_later_one_begins_another()
    {
        var sync = Ordered();
        var first = sync.Tick().OfType<RebuildView>().Single();
        sync.Hear(new RebuildRequested(true, null, sync.Now.AddSeconds(1))).Tick().OfType<RebuildView>().ShouldBeEmpty();
        sync.Hear(new ViewRebuilt(first.RebuildId, "legacy.leads", 100, 0, sync.Now));

        sync.Hear(new RebuildRequested(true, null, sync.Now.AddSeconds(2)));

        var second = sync.Tick().OfType<RebuildView>().ShouldHaveSingleItem();
        (second.Undo, second.RebuildId == first.RebuildId).ShouldBe((true, false));
    }

    [Fact]
    public void the_status_shows_a_rebuilds_progress_and_outcome()
    {
        var sync = Ordered();
        RebuildReport.Of(sync.State.Rebuild!).ShouldSatisfyAllConditions(
            report => report.Phase.ShouldBe("ordered"), report => report.Outcome.ShouldBeNull(), report => report.IsRunning.ShouldBeTrue());
        sync.Tick();
        sync.Hear(Progress(sync, 25, 100));

        var running = RebuildReport.Of(sync.State.Rebuild!);
        (running.Phase, running.RowsDone, running.RowsTotal, running.RowsPerSecond, running.SecondsLeft)
            .ShouldBe(("folding", 25, 100, 50, 1.5));

        sync.Hear(new ViewRebuilt(running.Id, "legacy.leads", 99, 3, sync.Now));
        var done = RebuildReport.Of(sync.State.Rebuild!);
        (done.Outcome, done.Phase, done.Differences, done.SwappedAt, done.SecondsLeft)
            .ShouldBe((Outcome.Completed, "done", 3, sync.Now, null));
    }

    [Fact]
    public void a_failed_rebuild_says_why_and_late_messages_change_nothing()
    {
        var sync = Ordered();
        sync.Tick();
        var late = Progress(sync, 25, 100);
        sync.Hear(new ViewRebuildFailed(late.RebuildId, "Another rebuild is running."), late);

        var report = RebuildReport.Of(sync.State.Rebuild!);
        (report.Outcome, report.Phase, report.Trouble, report.RowsDone)
            .ShouldBe((Outcome.Failed, "failed", "Another rebuild is running.", 0));
        sync.SecondsOf<RebuildView>(TimeSpan.FromHours(1)).ShouldBeEmpty();
    }

    [Fact]
    public void a_message_about_another_rebuild_or_an_older_one_changes_nothing()
    {
        var sync = Ordered();
        sync.Tick();
        sync.Hear(Progress(sync, 50, 100));
        var (before, other) = (sync.State, Guid.NewGuid());
        sync.Hear(
            Progress(sync, 25, 100) with { At = sync.Now.AddSeconds(-1) }, Progress(sync, 75, 100) with { RebuildId = other },
            new RebuildViewSent(other, sync.Now.AddHours(1)), new ViewRebuilt(other, "legacy.leads", 100, 0, sync.Now),
            new ViewRebuildFailed(other, "Another rebuild is running."));
        sync.State.ShouldBe(before);

        sync.Hear(new ViewRebuilt(sync.State.Rebuild!.Id, "legacy.leads", 100, 0, sync.Now));
        sync.Hear(new ViewRebuildFailed(sync.State.Rebuild.Id, "Late."), Progress(sync, 99, 100)).State.Rebuild
            .ShouldBe(before.Rebuild! with { Result = sync.State.Rebuild.Result });
    }

    private static PlannedSync Ordered()
    {
        var sync = PlannedSync.InSync();
        return sync.Hear(new RebuildRequested(false, null, sync.Now));
    }

    private static ViewRebuildProgressed Progress(PlannedSync sync, long done, long total) =>
        new(sync.State.Rebuild!.Id, "folding", done, total, 50, sync.Now);
}
