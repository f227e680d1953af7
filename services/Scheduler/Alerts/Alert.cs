using LeadSync.Scheduler.Status;

namespace LeadSync.Scheduler.Alerts;

/// <summary>A reason why the sync is not well, from when it was first seen until it is over. All times are this machine's clock.</summary>
/// <param name="Since">When the reason was first seen.</param>
/// <param name="OpenedAt">When it had lasted so long that people were told; null until then.</param>
/// <param name="RemindedAt">When people were last told that it still holds.</param>
/// <param name="GoneSince">Since when the reason has not been seen; null while it is.</param>
/// <param name="ClosedAt">When the alert was closed; null until then.</param>
/// <param name="Subject">The service that the alert is about; null for an alert about the sync. Each service has an alert of its
/// own.</param>
internal sealed record Alert(
    long Id,
    ReasonKind Kind,
    string Text,
    DateTimeOffset Since,
    DateTimeOffset? OpenedAt = null,
    DateTimeOffset? RemindedAt = null,
    DateTimeOffset? GoneSince = null,
    DateTimeOffset? ClosedAt = null,
    DateTimeOffset? AcknowledgedAt = null,
    string? AcknowledgedBy = null,
    string? Subject = null)
{
    public Severity Severity => AlertRule.For(Kind)?.Severity ?? Severity.Warning;

    public string Name => Reason.Runbook(Kind);

    public bool IsAbout(Reason reason) => Kind == reason.Kind && Subject == reason.Subject;
}

/// <summary>The kinds of messages about an alert.</summary>
internal enum AlertEvent
{
    Opened,
    StillOpen,
    Closed,
    Test,
}
