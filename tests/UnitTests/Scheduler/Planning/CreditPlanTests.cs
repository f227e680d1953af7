using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;

namespace LeadSync.UnitTests.Scheduler.Planning;

public sealed class CreditPlanTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(8_944, null, true, true)]
    [InlineData(8_945, null, true, false)]
    [InlineData(8_990, null, true, false)]
    [InlineData(8_991, null, false, false)]
    [InlineData(0, 1_056L, true, true)]
    [InlineData(0, 1_055L, true, false)]
    [InlineData(0, 1_009L, false, false)]
    public void reads_that_can_wait_leave_the_reserve_to_notifications(long used, long? remaining, bool catchUp, bool comparison)
    {
        var sync = PlannedSync.InSync();
        sync.Hear(Count(sync, used, remaining)).TickAfter(Day);
        var postponed = CreditPlan.Postponed(sync.State, sync.Options, sync.Now).ToList();
        (sync.State.CatchUps.Current is not null, postponed.Contains(Postponed.CatchUp)).ShouldBe((catchUp, !catchUp));
        (sync.State.Run is not null, postponed.Contains(Postponed.FullComparison)).ShouldBe((comparison, !comparison));
    }

    [Fact]
    public void without_a_budget_no_read_waits()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new CreditsCounted(1_000_000, null, 1_000, null, null, sync.Now));
        sync.TickAfter(Day).ShouldContain(command => command is CatchUp);
        CreditPlan.Postponed(sync.State, sync.Options, sync.Now).ShouldBeEmpty();
    }

    [Fact]
    public void a_postponed_read_begins_when_credits_are_free_again()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(Count(sync, 9_500)).TickAfter(Day).OfType<CatchUp>().ShouldBeEmpty();
        sync.Hear(Count(sync, 500)).TickAfter(TimeSpan.FromSeconds(1)).OfType<CatchUp>().Count().ShouldBe(1);
    }

    [Fact]
    public void the_first_read_does_not_wait()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Hear(Count(sync, 10_000)).Tick().OfType<StartBulkRead>().Count().ShouldBe(1);
    }

    [Fact]
    public void a_comparison_of_several_pages_needs_the_credits_of_them_all()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true), sync.PageProjected()).Tick();
        sync.Hear(sync.JobCreated(2), sync.PageReady(2), sync.PageProjected(2));

        IsPostponed(8_888).ShouldBeFalse();
        IsPostponed(8_889).ShouldBeTrue();

        bool IsPostponed(long used) => CreditPlan.Postponed(
            sync.Hear(Count(sync, used) with { CountedAt = sync.Now.AddSeconds(used) }).State, sync.Options, sync.Now + Day)
            .Contains(Postponed.FullComparison);
    }

    [Fact]
    public void a_bulk_read_in_place_of_a_catch_up_waits_for_credits()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new CatchUpRequested(sync.Now)).Tick();
        sync.Hear(Count(sync, 8_945), new CatchUpTooLarge(sync.State.CatchUps.Current!.Id, sync.Now)).Tick().ShouldBeEmpty();
        CreditPlan.Postponed(sync.State, sync.Options, sync.Now).ShouldBe([Postponed.BulkRead]);

        sync.Hear(Count(sync, 8_944) with { CountedAt = sync.Now.AddSeconds(1) });
        CreditPlan.Postponed(sync.State, sync.Options, sync.Now).ShouldBeEmpty();
        sync.Tick().OfType<StartBulkRead>().Count().ShouldBe(1);
        CreditPlan.Postponed(sync.Hear(Count(sync, 9_999) with { CountedAt = sync.Now.AddSeconds(2) }).State, sync.Options, sync.Now)
            .ShouldBeEmpty("it has begun");
    }

    [Fact]
    public void before_the_first_read_and_while_paused_nothing_waits_for_credits()
    {
        var reading = new PlannedSync();
        CreditPlan.Postponed(reading.Hear(Count(reading, 10_000)).State, reading.Options, reading.Now + Day).ShouldBeEmpty();
        var paused = PlannedSync.InSync();
        CreditPlan.Postponed(
            paused.Hear(Count(paused, 10_000), new SyncPaused(paused.Now)).State, paused.Options, paused.Now + Day).ShouldBeEmpty();
    }

    [Fact]
    public void a_read_that_is_not_due_or_already_runs_does_not_wait_for_credits()
    {
        var sync = PlannedSync.InSync();
        var spent = Count(sync, 10_000);
        IEnumerable<Postponed> After(TimeSpan pause) => CreditPlan.Postponed(sync.State, sync.Options, PlannedSync.Start + pause);
        sync.Hear(spent);

        After(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1)).ShouldBeEmpty();
        After(TimeSpan.FromHours(1)).ShouldBe([Postponed.CatchUp]);
        After(Day - TimeSpan.FromSeconds(1)).ShouldBe([Postponed.CatchUp]);
        After(Day).ShouldBe([Postponed.CatchUp, Postponed.FullComparison]);

        sync = PlannedSync.InSync();
        sync.TickAfter(Day);
        sync.Hear(spent);
        After(2 * Day).ShouldBeEmpty("both run");
    }

    [Fact]
    public void of_two_counts_the_later_one_counts()
    {
        var sync = PlannedSync.InSync();
        var (earlier, later) = (Count(sync, 100), Count(sync, 50) with { CountedAt = sync.Now.AddSeconds(5) });
        sync.Hear(later, earlier).State.Credits.ShouldBe(later);
    }

    private static CreditsCounted Count(PlannedSync sync, long used, long? remaining = null) =>
        new(used, 10_000, 1_000, remaining, sync.Now.AddHours(5), sync.Now);
}
