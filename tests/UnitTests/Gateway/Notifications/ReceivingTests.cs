using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Notifications;

public sealed class ReceivingTests
{
    [Fact]
    public void the_very_first_start_misses_nothing() => Gap(lastHeartbeat: null).ShouldBeNull();

    [Fact]
    public void a_steady_heartbeat_misses_nothing() => Gap(Start.AddSeconds(-2), since: Start.AddHours(-1)).ShouldBeNull();

    [Fact]
    public void a_hole_in_the_heartbeat_is_a_gap()
    {
        var gap = Gap(Start.AddSeconds(-5), since: Start.AddSeconds(-1)).ShouldNotBeNull();

        gap.From.ShouldBeLessThan(Start.AddSeconds(-5));
        gap.To.ShouldBe(Start);
    }

    [Fact]
    public void a_quick_restart_is_a_gap_once_nobody_else_can_have_received()
    {
        var (end, start) = (Start, Start.AddSeconds(0.3));

        foreach (var second in (int[])[1, 2, 3, 4])
        {
            Receiving.Gap(end, start, crashedAt: null, refusedSince: null, end.AddSeconds(second)).ShouldBeNull();
            Receiving.MayBeBridged(end, start, end.AddSeconds(second)).ShouldBeTrue("the record must keep the hole until it is certain");
        }

        Receiving.Gap(end, start, crashedAt: null, refusedSince: null, end.AddSeconds(5)).ShouldNotBeNull();
        Receiving.MayBeBridged(end, start, end.AddSeconds(5)).ShouldBeFalse();
    }

    [Fact]
    public void another_replica_s_late_heartbeat_is_no_gap()
    {
        var start = Start;
        Receiving.MayBeBridged(start.AddSeconds(-3), start, start.AddSeconds(0.5)).ShouldBeTrue();

        var late = start.AddSeconds(0.7);
        Receiving.Gap(late, start, crashedAt: null, refusedSince: null, start.AddSeconds(1)).ShouldBeNull();
        Receiving.MayBeBridged(late, start, start.AddSeconds(1)).ShouldBeFalse();
    }

    [Fact]
    public void a_refusal_is_a_gap_although_a_hole_is_not_certain_yet() =>
        Gap(Start.AddSeconds(-2), since: Start.AddSeconds(-1), refusedSince: Start).ShouldNotBeNull();

    [Fact]
    public void a_refusal_is_a_gap_although_the_heart_beats()
    {
        var gap = Gap(Start.AddSeconds(-1), since: Start.AddHours(-1), refusedSince: Start.AddSeconds(-3)).ShouldNotBeNull();

        gap.From.ShouldBeLessThan(Start.AddSeconds(-3));
    }

    [Fact]
    public void a_hole_and_a_refusal_before_it_are_one_gap() =>
        Gap(Start.AddSeconds(-5), refusedSince: Start.AddMinutes(-3))!.From.ShouldBeLessThan(Start.AddMinutes(-3));

    [Fact]
    public void a_heartbeat_that_stays_away_is_a_crash_and_one_that_is_late_is_none()
    {
        Receiving.HasCrashed(Start, Start.AddSeconds(60)).ShouldBeFalse();
        Receiving.HasCrashed(Start, Start.AddSeconds(61)).ShouldBeTrue();
        Receiving.HasCrashed(null, Start).ShouldBeFalse();
    }

    [Fact]
    public void another_replica_s_crash_is_a_gap_although_this_one_s_heart_beats()
    {
        var gap = Gap(Start.AddSeconds(-1), since: Start.AddHours(-1), crashedAt: Start.AddSeconds(-61)).ShouldNotBeNull();

        gap.Cause.ShouldContain("crashed");
        gap.From.ShouldBeLessThan(Start.AddSeconds(-61));
        gap.To.ShouldBe(Start);
    }

    [Fact]
    public void a_crash_and_a_hole_after_it_are_one_gap()
    {
        var gap = Gap(Start.AddSeconds(-5), crashedAt: Start.AddSeconds(-65)).ShouldNotBeNull();

        gap.Cause.ShouldContain("No gateway");
        gap.From.ShouldBeLessThan(Start.AddSeconds(-65));
    }

    [Fact]
    public void refusals_are_remembered_from_the_first_until_they_are_taken()
    {
        var receiving = new Receiving();
        receiving.RecordRefused(Start);
        receiving.RecordRefused(Start.AddSeconds(9));

        receiving.TakeFirstRefusal().ShouldBe(Start);
        receiving.TakeFirstRefusal().ShouldBeNull();
    }

    private static GapDetected? Gap(
        DateTimeOffset? lastHeartbeat, DateTimeOffset? since = null, DateTimeOffset? crashedAt = null,
        DateTimeOffset? refusedSince = null) =>
        Receiving.Gap(lastHeartbeat, since ?? Start, crashedAt, refusedSince, Start);
}
