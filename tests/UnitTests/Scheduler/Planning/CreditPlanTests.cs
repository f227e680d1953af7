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
    public void of_two_counts_the_later_one_counts()
    {
        var sync = PlannedSync.InSync();
        var (earlier, later) = (Count(sync, 100), Count(sync, 50) with { CountedAt = sync.Now.AddSeconds(5) });
        sync.Hear(later, earlier).State.Credits.ShouldBe(later);
    }

    private static CreditsCounted Count(PlannedSync sync, long used, long? remaining = null) =>
        new(used, 10_000, 1_000, remaining, sync.Now.AddHours(5), sync.Now);
}
