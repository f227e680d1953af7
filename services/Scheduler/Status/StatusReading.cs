namespace LeadSync.Scheduler.Status;

/// <summary>The last status that this process could read, and whether it can read the status now.</summary>
/// <param name="Report">The last report that could be read; null when none could.</param>
/// <param name="Trouble">Since when the status cannot be read, and why; null while the status can be read.</param>
/// <param name="ReadAt">The scheduler's clock: the last attempt to read.</param>
/// <param name="AlertTrouble">Why an alert about the trouble could not be sent; null when none failed.</param>
internal sealed record StatusReading(StatusReport? Report, Outage? Trouble, DateTimeOffset ReadAt, string? AlertTrouble = null)
{
    public static StatusReading None { get; } = new(null, null, DateTimeOffset.MinValue);

    public Verdict? Verdict => Trouble is { } trouble ? Status.Verdict.Unreadable(trouble, AlertTrouble, ReadAt)
        : Report?.Verdict;

    public TroubleReport? TroubleReport => Trouble is { } trouble && Verdict is { } verdict
        ? new(ReadAt, false, verdict.Sentence, verdict.Reasons, trouble.Since, trouble.Why, Report?.At)
        : null;
}

/// <summary>The answer in place of the status while it cannot be read.</summary>
/// <param name="LastSeenAt">When the status could last be read; null when it never could.</param>
internal sealed record TroubleReport(
    DateTimeOffset At, bool InSync, StatusSentence Sentence, IReadOnlyList<Reason> Reasons, DateTimeOffset Since, string Why,
        DateTimeOffset? LastSeenAt);
