using LeadSync.Scheduler.Alerts;
using LeadSync.Scheduler.Status;

namespace LeadSync.UnitTests.Scheduler.Alerts;

public sealed class AlertPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 8, 20, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Reminder = TimeSpan.FromHours(4);

    [Fact]
    public void an_alert_is_sent_when_its_reason_has_lasted_then_as_a_reminder_and_once_when_it_is_over()
    {
        var told = Told(hours: 10, at => at < TimeSpan.FromHours(9) ? [Reason(ReasonKind.NoLeader)] : []);

        told.Select(one => one.Event).ShouldBe([AlertEvent.Opened, AlertEvent.StillOpen, AlertEvent.StillOpen, AlertEvent.Closed]);
        told[0].At.ShouldBe(TimeSpan.FromMinutes(1));
        told[^1].At.ShouldBe(TimeSpan.FromHours(9) + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void a_reason_that_does_not_last_sends_no_alert() =>
        Told(hours: 1, at => at.TotalSeconds % 120 < 40 ? [Reason(ReasonKind.NoLeader)] : []).ShouldBeEmpty();

    [Fact]
    public void a_scheduler_that_has_just_begun_to_lead_sends_no_alert_about_a_hang() =>
        Told(hours: 1, at => at.TotalSeconds % 600 < 10 ? [Reason(ReasonKind.LeaderHangs)] : []).ShouldBeEmpty();

    [Fact]
    public void a_reason_that_comes_and_goes_is_one_alert() =>
        Told(hours: 1, at => at.TotalSeconds % 20 < 10 ? [Reason(ReasonKind.ChannelSilent)] : []).Select(one => one.Event)
            .ShouldBe([AlertEvent.Opened]);

    [Fact]
    public void an_acknowledged_alert_is_not_repeated()
    {
        var alert = new Alert(1, ReasonKind.NoLeader, "", Start, OpenedAt: Start, AcknowledgedAt: Start.AddMinutes(1),
            AcknowledgedBy: "Ana");

        AlertPlan.Next([alert], [Reason(ReasonKind.NoLeader)], Reminder, Start.AddHours(9)).ShouldAllBe(step => step.Tells == null);
    }

    [Fact]
    public void every_reason_that_needs_an_action_sends_an_alert()
    {
        foreach (var kind in Enum.GetValues<ReasonKind>().Except([ReasonKind.AlertNotSent]))
            AlertRule.For(kind).ShouldNotBeNull($"{kind}");
    }

    [Fact]
    public void a_second_service_that_stops_sends_an_alert_of_its_own()
    {
        Alert[] known = [new Alert(1, ReasonKind.ServiceDown, "", Start, OpenedAt: Start, Subject: "gateway")];
        Reason[] reasons = [Down("gateway"), Down("projector")];

        var opened = AlertPlan.Next(known, reasons, Reminder, Start.AddMinutes(5)).Select(step => step.Alert)
            .Single(alert => alert.Subject == "projector");
        var told = AlertPlan.Next([.. known, opened], reasons, Reminder, Start.AddMinutes(6)).Single(step => step.Tells is not null);

        (told.Tells, told.Alert.Subject, told.Alert.Text).ShouldBe((AlertEvent.Opened, "projector", "No projector runs."));

        static Reason Down(string service) => new(ReasonKind.ServiceDown, Tone.Bad, true, $"No {service} runs.", service);
    }

    private static List<(TimeSpan At, AlertEvent Event)> Told(int hours, Func<TimeSpan, Reason[]> reasons)
    {
        var (alerts, told) = (new List<Alert>(), new List<(TimeSpan, AlertEvent)>());
        for (var at = TimeSpan.Zero; at < TimeSpan.FromHours(hours); at += TimeSpan.FromSeconds(2))
        {
            var steps = AlertPlan.Next(alerts, reasons(at), Reminder, Start + at).ToList();
            alerts = [.. steps.Select(step => step.Alert).Where(alert => alert.ClosedAt is null)];
            told.AddRange(steps.Where(step => step.Tells is not null).Select(step => (at, step.Tells!.Value)));
        }

        return told;
    }

    private static Reason Reason(ReasonKind kind) => new(kind, Tone.Bad, true, "Something is wrong.");
}
