using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;

namespace LeadSync.UnitTests.Scheduler.Planning;

public sealed class GapsTests
{
    private const string Cause = "Notifications could not be queued.";

    [Fact]
    public void a_repeated_gap_is_one_gap()
    {
        var gaps = new Gaps().Add(Gap(0, 10)).Add(Gap(0, 10)).Add(Gap(5, 20)).Add(Gap(-5, 3));
        gaps.All.ShouldHaveSingleItem().ShouldBe(Gap(-5, 20) with { DetectedAt = At(3) });
    }

    [Fact]
    public void a_distant_gap_or_one_with_another_cause_is_another_gap() =>
        new Gaps().Add(Gap(0, 10)).Add(Gap(12, 20)).Add(Gap(0, 10) with { Cause = "Another." }).All.Count.ShouldBe(3);

    [Fact]
    public void gaps_are_told_apart_by_their_kind_and_not_by_their_words()
    {
        var gaps = new Gaps().Add(Gap(0, 10) with { Kind = GapKind.Refused })
            .Add(Gap(5, 20) with { Kind = GapKind.Refused, Cause = "In other words." });
        var one = gaps.All.ShouldHaveSingleItem();

        gaps.Add(Gap(0, 10) with { Kind = GapKind.NoGateway }).All.Count.ShouldBe(2);
        gaps.Close(one.Id, At(21)).Add(Gap(0, 10) with { Kind = GapKind.Refused, Cause = "In third words." }).Open.ShouldBeEmpty();
        (one with { Cause = "In fourth words." }).Id.ShouldBe(one.Id);
    }

    [Fact]
    public void a_closing_that_an_earlier_version_recorded_names_the_gap_by_its_words()
    {
        var gap = Gap(0, 10) with { Kind = GapKind.ChannelLost };
        new Gaps().Add(gap).Close(DerivedId.From(Cause, 0, gap.From), At(11)).Open.ShouldBeEmpty();
    }

    [Fact]
    public void a_gap_that_joins_two_makes_them_one() =>
        new Gaps().Add(Gap(0, 10)).Add(Gap(20, 30)).Add(Gap(8, 25)).All.ShouldHaveSingleItem().To.ShouldBe(At(30));

    [Fact]
    public void an_open_ended_gap_lasts_until_its_end_is_set()
    {
        var gaps = new Gaps().Add(Gap(0, 10) with { To = null }).Add(Gap(5, 15));
        gaps.All.ShouldHaveSingleItem().To.ShouldBeNull();
        gaps.End(At(20)).All.ShouldHaveSingleItem().To.ShouldBe(At(20));
    }

    [Fact]
    public void a_repeated_message_does_not_open_a_closed_gap()
    {
        var gaps = new Gaps().Add(Gap(0, 10));
        gaps = gaps.Close(gaps.All[0].Id, At(11)).Add(Gap(0, 10));
        gaps.Open.ShouldBeEmpty();
        gaps.Add(Gap(5, 15)).Open.ShouldHaveSingleItem();
    }

    [Fact]
    public void closed_gaps_are_remembered_for_a_month()
    {
        var gaps = new Gaps().Add(Gap(0, 1)).Add(Gap(100, 101)).Add(Gap(200, 201));
        gaps = gaps.Close(gaps.All[0].Id, At(300));
        gaps = gaps.Close(gaps.All[1].Id, At(300) + TimeSpan.FromDays(30));
        gaps.All.Count.ShouldBe(3);
        gaps = gaps.Close(gaps.All[2].Id, At(301) + TimeSpan.FromDays(30));
        gaps.All.Count.ShouldBe(2);
    }

    [Fact]
    public void the_list_stays_short_and_still_covers_every_gap()
    {
        var gaps = new Gaps();
        for (var i = 0; i < 1000; i++)
            gaps = gaps.Add(Gap(i * 10, (i * 10) + 1));
        gaps.All.Count.ShouldBe(100);
        (gaps.All[0].From, gaps.All[^1].To).ShouldBe((At(0), At(9991)));
        gaps.All.ShouldContain(gap => gap.From <= At(5000) && gap.To >= At(5001));

        foreach (var gap in gaps.All)
            gaps = gaps.Close(gap.Id, At(10_000));
        for (var i = 0; i < 300; i++)
        {
            gaps = gaps.Add(Gap(20_000 + (i * 10), 20_001 + (i * 10)));
            gaps = gaps.Close(gaps.Open.Single().Id, At(30_000 + i));
        }

        gaps.All.Count.ShouldBe(200);
    }

    private static DateTimeOffset At(int minutes) => PlannedSync.Start.AddMinutes(minutes);

    private static Gap Gap(int from, int to) => new(Cause, At(from), At(to), At(to));
}
