using LeadSync.Contracts;

namespace LeadSync.UnitTests.Scheduler.Planning;

public sealed class SilentChannelTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void a_channel_that_did_not_announce_what_a_catch_up_finds_is_a_gap_and_is_opened_again()
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
    [InlineData(0, -10)]
    [InlineData(null, 10)]
    [InlineData(30, null)]
    public void a_channel_with_a_notification_or_without_a_modification_is_not_silent(int? modifiedAfterMinutes, int? heardAfterMinutes)
    {
        var sync = CaughtUp(modifiedAfterMinutes, heardAfterMinutes);
        sync.State.Gaps.All.ShouldBeEmpty();
        sync.State.Channel.IsSilent.ShouldBeFalse();
    }

    [Fact]
    public void catch_ups_run_more_often_until_a_notification_arrives()
    {
        var sync = CaughtUp(30, 10).Subscribe();
        sync.State.Channel.IsSilent.ShouldBeTrue();
        sync.SecondsUntil<CatchUp>().ShouldBe(300);

        sync.Hear(
            new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0, null, sync.Now.AddMinutes(-10), sync.Now.AddMinutes(-9)));
        sync.State.Channel.IsSilent.ShouldBeFalse();
    }

    [Fact]
    public void a_catch_up_without_modifications_does_not_end_the_silence()
    {
        var sync = CaughtUp(30, 10).Subscribe();
        sync.SecondsUntil<CatchUp>();

        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0, null, null, PlannedSync.Start.AddMinutes(10)));

        sync.State.Channel.IsSilent.ShouldBeTrue();
        sync.SecondsUntil<CatchUp>().ShouldBe(300);
    }

    [Fact]
    public void with_a_lead_modified_every_ten_minutes_silence_is_noticed_within_a_quarter_of_an_hour()
    {
        var sync = PlannedSync.InSync();
        var heardAt = sync.Now;
        var silentAfter = 0;
        for (var second = 1; second <= 1200 && silentAfter == 0; second++)
        {
            foreach (var _ in sync.TickAfter(TimeSpan.FromSeconds(1)).OfType<CheckChannel>().Where(check => check.Listen))
                sync.Hear(new ChannelConfirmed(sync.Now, sync.State.Channel.ExpiresAt, LatestEdit(sync.Now.AddMinutes(-5)), heardAt));
            silentAfter = sync.State.Channel.IsSilent ? second : 0;
        }

        silentAfter.ShouldBeInRange(1, 900);

        static DateTimeOffset? LatestEdit(DateTimeOffset before)
        {
            var minutes = Math.Floor((before - PlannedSync.Start).TotalMinutes / 10) * 10;
            return minutes < 0 ? null : PlannedSync.Start.AddMinutes(minutes + 0.5) is var edit && edit < before ? edit : null;
        }
    }

    [Fact]
    public void an_hour_of_quiet_is_no_silence()
    {
        var sync = PlannedSync.InSync();
        var heardAt = sync.Now;
        for (var second = 1; second <= 3600; second++)
        {
            foreach (var _ in sync.TickAfter(TimeSpan.FromSeconds(1)).OfType<CheckChannel>())
                sync.Hear(new ChannelConfirmed(sync.Now, sync.State.Channel.ExpiresAt, heardAt.AddMinutes(-3), heardAt));
        }

        sync.State.Channel.IsSilent.ShouldBeFalse();
    }

    [Theory]
    [InlineData(GapKind.NoGateway, 30, false)]
    [InlineData(GapKind.GatewayCrashed, 30, false)]
    [InlineData(GapKind.Refused, 30, false)]
    [InlineData(GapKind.ChannelLost, 30, false)]
    [InlineData(GapKind.ChannelExpired, 30, false)]
    [InlineData(GapKind.NoGateway, 24, false)]
    [InlineData(GapKind.NoGateway, 23.9, true)]
    [InlineData(GapKind.NoGateway, 35, false)]
    [InlineData(GapKind.NoGateway, 20, true)]
    [InlineData(GapKind.NoGateway, 36, true)]
    [InlineData(GapKind.DeletionsHidden, 30, true)]
    [InlineData(GapKind.ChannelSilent, 30, true)]
    public void a_modification_while_no_gateway_could_receive_does_not_make_the_channel_silent(
        GapKind kind, double modifiedAfterMinutes, bool isSilent)
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(Hour);
        sync.Hear(new GapDetected("Anything.", PlannedSync.Start.AddMinutes(25), PlannedSync.Start.AddMinutes(35)) { Kind = kind });

        sync.Hear(new ChannelConfirmed(sync.Now, sync.State.Channel.ExpiresAt,
            PlannedSync.Start.AddMinutes(modifiedAfterMinutes), PlannedSync.Start.AddMinutes(10)));

        sync.State.Channel.IsSilent.ShouldBe(isSilent);
    }

    [Fact]
    public void a_catch_up_that_grew_too_large_also_reports_silence()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(Hour);
        sync.Hear(
            new CatchUpTooLarge(sync.State.CatchUps.Current!.Id, PlannedSync.Start, PlannedSync.Start.AddMinutes(30), PlannedSync.Start));
        sync.State.Channel.IsSilent.ShouldBeTrue();
        sync.State.CatchUps.TooLargeSince.ShouldNotBeNull();
    }

    [Fact]
    public void what_another_catch_up_heard_says_nothing_about_the_channel()
    {
        var sync = PlannedSync.InSync();
        sync.TickAfter(Hour);
        var (other, modified, heard) = (Guid.NewGuid(), PlannedSync.Start.AddMinutes(30), PlannedSync.Start.AddMinutes(10));
        sync.Hear(
            new CatchUpRead(other, sync.Now, 0, 0, null, modified, heard), new CatchUpTooLarge(other, PlannedSync.Start, modified, heard));
        sync.State.Channel.IsSilent.ShouldBeFalse();
    }

    [Fact]
    public void the_gap_of_a_silent_channel_reaches_back_to_a_modification_before_the_last_good_sync()
    {
        var sync = CaughtUp(null, null);
        var (modified, heard) = (PlannedSync.Start.AddMinutes(30), PlannedSync.Start.AddMinutes(10));
        sync.Hear(new ChannelConfirmed(sync.Now, sync.State.Channel.ExpiresAt, modified, heard));
        var gap = sync.State.Gaps.Open.ShouldHaveSingleItem();
        (gap.From, gap.DetectedAt).ShouldBe((modified, modified));
    }

    [Fact]
    public void a_silent_channel_does_not_make_frequent_catch_ups_rarer()
    {
        var sync = PlannedSync.InSync(new() { CatchUpInterval = TimeSpan.FromMinutes(1) });
        sync.TickAfter(Hour);
        var (modified, heard) = (PlannedSync.Start.AddMinutes(30), PlannedSync.Start.AddMinutes(10));
        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0, null, modified, heard)).Subscribe();
        sync.State.Channel.IsSilent.ShouldBeTrue();
        sync.SecondsUntil<CatchUp>().ShouldBe(60);
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
