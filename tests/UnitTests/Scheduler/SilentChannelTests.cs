using LeadSync.Contracts;

namespace LeadSync.UnitTests.Scheduler;

public sealed class SilentChannelTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void a_channel_that_told_nothing_of_what_a_catch_up_finds_is_a_gap_and_is_opened_anew()
    {
        var sync = CaughtUp(modifiedAfterMinutes: 30, heardAfterMinutes: 10);

        var gap = sync.State.Gaps.Open.ShouldHaveSingleItem();
        (gap.From, gap.To).ShouldBe((PlannedSync.Start.AddMinutes(10), null));
        gap.Cause.ShouldStartWith("Nothing was heard");
        sync.Tick().OfType<RenewChannel>().Count().ShouldBe(1);

        sync.Subscribe().TickAfter(TimeSpan.FromMinutes(5));
        var next = sync.State.CatchUps.Current.ShouldNotBeNull();
        sync.Hear(new CatchUpRead(next.Id, sync.Now, 0, 0)).Tick();
        sync.State.Gaps.Open.ShouldBeEmpty();
        sync.State.Gaps.Closed.ShouldHaveSingleItem().ClosedAt.ShouldBe(sync.Now);
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(30, 50)]
    [InlineData(-5, -10)]
    [InlineData(null, 10)]
    [InlineData(30, null)]
    public void it_is_none_when_something_was_heard_or_nothing_was_to_be_told(int? modifiedAfterMinutes, int? heardAfterMinutes)
    {
        var sync = CaughtUp(modifiedAfterMinutes, heardAfterMinutes);
        sync.State.Gaps.All.ShouldBeEmpty();
        sync.State.Channel.IsSilent.ShouldBeFalse();
    }

    [Fact]
    public void catch_ups_come_more_often_until_something_is_heard()
    {
        var sync = CaughtUp(30, 10).Subscribe();
        sync.State.Channel.IsSilent.ShouldBeTrue();
        sync.SecondsUntil<CatchUp>().ShouldBe(300);

        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0, null, sync.Now.AddMinutes(-10), sync.Now.AddMinutes(-9)));
        sync.State.Channel.IsSilent.ShouldBeFalse();
    }

    [Fact]
    public void one_that_grew_too_large_tells_it_as_well()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(Hour);
        sync.Hear(new CatchUpTooLarge(sync.State.CatchUps.Current!.Id, PlannedSync.Start, PlannedSync.Start.AddMinutes(30), PlannedSync.Start));
        sync.State.Channel.IsSilent.ShouldBeTrue();
        sync.State.CatchUps.TooLargeSince.ShouldNotBeNull();
    }

    private static PlannedSync CaughtUp(int? modifiedAfterMinutes, int? heardAfterMinutes)
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(Hour);
        return sync.Hear(new CatchUpRead(
            sync.State.CatchUps.Current!.Id, sync.Now, 0, 0, LatestDeletion: null, After(modifiedAfterMinutes), After(heardAfterMinutes)));
    }

    private static DateTimeOffset? After(int? minutes) => minutes is { } some ? PlannedSync.Start.AddMinutes(some) : null;
}
