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
    public void gaps_that_are_up_to_a_minute_apart_are_one_in_whatever_order_they_come()
    {
        foreach (var (earlier, later, count) in new[] { (Gap(0, 10), Gap(11, 20), 1), (Gap(0, 10), Gap(12, 20), 2) })
        {
            new Gaps().Add(earlier).Add(later).All.Count.ShouldBe(count);
            new Gaps().Add(later).Add(earlier).All.Count.ShouldBe(count);
        }
    }

    [Fact]
    public void gaps_are_listed_by_their_time_then_by_their_kind_and_their_words()
    {
        Gap[] listed =
        [
            Gap(0, 10) with { Kind = GapKind.Refused },
            Gap(5, 10) with { Cause = "A" }, Gap(5, 10) with { Cause = "B" }, Gap(5, 10) with { Kind = GapKind.NoGateway },
        ];
        listed.Reverse().Aggregate(new Gaps(), (gaps, gap) => gaps.Add(gap)).All.ShouldBe(listed);
    }

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
        gaps.End(At(0)).All.ShouldBeEmpty("it would end where it begins");
        gaps.Add(Gap(50, 60) with { Kind = GapKind.Refused }).End(At(40)).All[1].To.ShouldBe(At(60), "it had an end");
    }

    [Fact]
    public void a_repeated_message_does_not_open_a_closed_gap()
    {
        var gaps = new Gaps().Add(Gap(0, 10));
        gaps = gaps.Close(gaps.All[0].Id, At(11)).Add(Gap(0, 10));
        gaps.Open.ShouldBeEmpty();
        gaps.Add(Gap(5, 15)).Open.ShouldHaveSingleItem();
        gaps.Add(Gap(-5, 10)).Open.ShouldHaveSingleItem();
        gaps.Add(Gap(0, 10) with { To = null }).Open.ShouldHaveSingleItem();

        var two = gaps.Add(Gap(100, 110));
        two = two.Close(two.All[1].Id, At(111));
        two.Add(Gap(0, 10)).Add(Gap(100, 110)).Open.ShouldBeEmpty();
        two.Close(two.All[1].Id, At(200)).ShouldSatisfyAllConditions(again => again.All.ShouldBe(two.All));
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
        gaps.All.Min(gap => gap.ClosedAt).ShouldBe(At(30_100), "the ones that were closed first are forgotten");
    }

    private static DateTimeOffset At(int minutes) => PlannedSync.Start.AddMinutes(minutes);

    private static Gap Gap(int from, int to) => new(Cause, At(from), At(to), At(to));
}
