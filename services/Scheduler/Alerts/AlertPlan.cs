using LeadSync.Scheduler.Status;

namespace LeadSync.Scheduler.Alerts;

/// <summary>Decides how the alerts change after another look at the sync. Pure.</summary>
internal static class AlertPlan
{
    // A reason that goes and returns within this time is one alert.
    private static readonly TimeSpan GoneFor = TimeSpan.FromSeconds(30);

    /// <param name="known">The alerts that are not closed.</param>
    /// <param name="remindAfter">Zero: nobody is reminded.</param>
    public static IEnumerable<AlertStep> Next(
        IReadOnlyList<Alert> known, IReadOnlyList<Reason> reasons, TimeSpan remindAfter, DateTimeOffset now)
    {
        var given = reasons.Where(reason => AlertRule.For(reason.Kind) is not null)
            .DistinctBy(reason => (reason.Kind, reason.Subject)).ToList();
        foreach (var reason in given.Where(reason => !known.Any(alert => alert.IsAbout(reason))))
            yield return Open(new Alert(0, reason.Kind, reason.Text, now, Subject: reason.Subject), now);

        foreach (var alert in known)
        {
            if (given.Find(alert.IsAbout) is { } reason)
                yield return Step(alert with { Text = reason.Text, GoneSince = null }, remindAfter, now);
            else if (alert.OpenedAt is null)
                yield return new(alert with { ClosedAt = now }, null);
            else if (now - (alert.GoneSince ?? now) >= GoneFor)
                yield return new(alert with { ClosedAt = now }, AlertEvent.Closed);
            else
                yield return new(alert with { GoneSince = alert.GoneSince ?? now }, null);
        }
    }

    private static AlertStep Step(Alert alert, TimeSpan remindAfter, DateTimeOffset now)
    {
        if (alert.OpenedAt is not { } opened)
            return Open(alert, now);

        return remindAfter > TimeSpan.Zero && alert.AcknowledgedAt is null && now - (alert.RemindedAt ?? opened) >= remindAfter
            ? new(alert with { RemindedAt = now }, AlertEvent.StillOpen)
            : new(alert, null);
    }

    private static AlertStep Open(Alert alert, DateTimeOffset now) => now - alert.Since >= AlertRule.For(alert.Kind)!.Patience
        ? new(alert with { OpenedAt = now }, AlertEvent.Opened)
        : new(alert, null);
}

/// <param name="Alert">The alert after this step.</param>
/// <param name="Tells">The message to send; null for none.</param>
internal sealed record AlertStep(Alert Alert, AlertEvent? Tells);
