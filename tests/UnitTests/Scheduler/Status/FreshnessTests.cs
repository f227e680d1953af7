using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;

namespace LeadSync.UnitTests.Scheduler.Status;

public sealed class FreshnessTests
{
    private static readonly StatusReport Quiet = Report();

    [Fact]
    public void however_long_nothing_has_changed_the_view_is_not_behind() => Freshness.SecondsBehind(Quiet).ShouldBe(0);

    [Fact]
    public void a_change_that_waits_counts_from_when_it_was_announced() => Freshness.SecondsBehind(
        Quiet with { Waiting = new(1, Quiet.At.AddSeconds(-7)) }).ShouldBe(7);

    [Fact]
    public void it_is_unknown_before_the_first_look_at_the_broker_or_the_first_good_sync()
    {
        Freshness.SecondsBehind(Quiet with { Waiting = null }).ShouldBeNull();
        Freshness.SecondsBehind(Quiet with { LastGoodSync = null }).ShouldBeNull();
    }

    [Fact]
    public void while_nobody_hears_zoho_it_counts_from_the_last_good_sync()
    {
        StatusReport[] deaf =
        [
            Quiet with { Services = [Gateway(0)] },
            Quiet with { Waiting = null, Broker = new(Quiet.At.AddSeconds(-20), "No connection.") },
            Quiet with { Services = [Gateway(1)], ReceivedAt = Quiet.At.AddSeconds(-30) },
            Quiet with { Channel = Quiet.Channel with { ConfirmedAt = Quiet.At.AddMinutes(-11) } },
            Quiet with { Channel = Quiet.Channel with { IsSilent = true } },
            Quiet with { Gaps = new([new Gap("Down.", Quiet.At.AddMinutes(-1), Quiet.At, Quiet.At)], []) },
        ];

        foreach (var report in deaf)
            Freshness.SecondsBehind(report).ShouldBe(600, report.Sentence.Text);
    }

    [Fact]
    public void a_projector_that_is_down_leaves_the_view_current_until_a_change_waits()
    {
        var down = Quiet with { Services = [Gateway(1), new("projector", 0, [], null, Quiet.At.AddMinutes(-3))] };

        Freshness.SecondsBehind(down).ShouldBe(0);
    }

    private static RunningService Gateway(int replicas) => new("gateway", replicas, [], null, Quiet.At.AddMinutes(-3));

    private static StatusReport Report()
    {
        var sync = PlannedSync.InSync();
        var report = StatusReport.Of(sync.State, sync.Options, sync.Now, new StatusInputs(HasLeader: true));
        return report with { LastGoodSync = report.At.AddMinutes(-10), Waiting = new(0, null) };
    }
}
