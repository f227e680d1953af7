using LeadSync.Scheduler.Status;

namespace LeadSync.Scheduler.Alerts;

/// <summary>A reason why the sync is not well, from when it was first seen until it is over.</summary>
/// <param name="Since">When it was first seen, our clock, as all its times.</param>
/// <param name="OpenedAt">When it had lasted so long that somebody was told; null until then.</param>
/// <param name="RemindedAt">When somebody was last told that it is still so.</param>
/// <param name="GoneSince">Since when it has not been seen; null while it is.</param>
/// <param name="ClosedAt">When it was over; null until then.</param>
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
    string? AcknowledgedBy = null)
{
    public Severity Severity => AlertRule.For(Kind)?.Severity ?? Severity.Warning;

    public string Name => Reason.Runbook(Kind);
}

/// <summary>What somebody is told of an alert.</summary>
internal enum AlertEvent
{
    Opened,
    StillOpen,
    Closed,
    Test,
}
