using LeadSync.Gateway.Notifications;
using static LeadSync.UnitTests.Gateway.FakeZoho;

namespace LeadSync.UnitTests.Gateway.Notifications;

public sealed class ReceivingTests
{
    [Fact]
    public void the_very_first_start_misses_nothing() => Receiving.Gap(lastHeartbeat: null, refusedSince: null, Start).ShouldBeNull();

    [Fact]
    public void a_steady_heartbeat_misses_nothing() => Receiving.Gap(Start.AddSeconds(-2), refusedSince: null, Start).ShouldBeNull();

    [Fact]
    public void a_hole_in_the_heartbeat_is_a_gap()
    {
        var gap = Receiving.Gap(Start.AddSeconds(-5), refusedSince: null, Start).ShouldNotBeNull();

        gap.From.ShouldBeLessThan(Start.AddSeconds(-5));
        gap.To.ShouldBe(Start);
    }

    [Fact]
    public void a_refusal_is_a_gap_although_the_heart_beats()
    {
        var gap = Receiving.Gap(Start.AddSeconds(-1), refusedSince: Start.AddSeconds(-3), Start).ShouldNotBeNull();

        gap.From.ShouldBeLessThan(Start.AddSeconds(-3));
    }

    [Fact]
    public void a_hole_and_a_refusal_before_it_are_one_gap() =>
        Receiving.Gap(Start.AddSeconds(-5), refusedSince: Start.AddMinutes(-3), Start)!.From.ShouldBeLessThan(Start.AddMinutes(-3));

    [Fact]
    public void refusals_are_remembered_from_the_first_until_they_are_taken()
    {
        var receiving = new Receiving();
        receiving.Refused(Start);
        receiving.Refused(Start.AddSeconds(9));

        receiving.TakeRefused().ShouldBe(Start);
        receiving.TakeRefused().ShouldBeNull();
    }
}
