using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Notifications;

public sealed class ReceivingTests
{
    [Fact]
    public void the_very_first_start_misses_nothing() => Gap(lastHeartbeat: null, refusedSince: null).ShouldBeNull();

    [Fact]
    public void a_steady_heartbeat_misses_nothing() => Gap(Start.AddSeconds(-2), refusedSince: null).ShouldBeNull();

    [Fact]
    public void a_hole_in_the_heartbeat_is_a_gap()
    {
        var gap = Gap(Start.AddSeconds(-5), refusedSince: null).ShouldNotBeNull();

        gap.From.ShouldBeLessThan(Start.AddSeconds(-5));
        gap.To.ShouldBe(Start);
    }

    [Fact]
    public void a_quick_restart_is_a_gap_too() =>
        Receiving.Gap(Start.AddSeconds(-2), refusedSince: null, Start, Receiving.LongestPauseAtStart).ShouldNotBeNull();

    [Fact]
    public void a_refusal_is_a_gap_although_the_heart_beats()
    {
        var gap = Gap(Start.AddSeconds(-1), refusedSince: Start.AddSeconds(-3)).ShouldNotBeNull();

        gap.From.ShouldBeLessThan(Start.AddSeconds(-3));
    }

    [Fact]
    public void a_hole_and_a_refusal_before_it_are_one_gap() =>
        Gap(Start.AddSeconds(-5), refusedSince: Start.AddMinutes(-3))!.From.ShouldBeLessThan(Start.AddMinutes(-3));

    [Fact]
    public void refusals_are_remembered_from_the_first_until_they_are_taken()
    {
        var receiving = new Receiving();
        receiving.Refused(Start);
        receiving.Refused(Start.AddSeconds(9));

        receiving.TakeRefused().ShouldBe(Start);
        receiving.TakeRefused().ShouldBeNull();
    }

    private static GapDetected? Gap(DateTimeOffset? lastHeartbeat, DateTimeOffset? refusedSince) =>
        Receiving.Gap(lastHeartbeat, refusedSince, Start, Receiving.LongestPause);
}
