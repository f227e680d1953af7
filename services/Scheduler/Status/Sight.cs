namespace LeadSync.Scheduler.Status;

/// <summary>What this process last saw of the sync, and whether it can see it at all.</summary>
/// <param name="Report">The last report that could be read; null when none could.</param>
/// <param name="Trouble">Since when the status cannot be read, and why; null while it can.</param>
/// <param name="LookedAt">The time of the last attempt.</param>
internal sealed record Sight(StatusReport? Report, Unseen? Trouble, DateTimeOffset LookedAt)
{
    public static Sight Nothing { get; } = new(null, null, DateTimeOffset.MinValue);

    public Verdict? Verdict => Trouble is { } trouble ? Status.Verdict.Unseen(trouble.Since, trouble.Why, LookedAt) : Report?.Verdict;

    public TroubleReport? TroubleReport => Trouble is { } trouble && Verdict is { } verdict
        ? new(LookedAt, false, verdict.Sentence, verdict.Reasons, trouble.Since, trouble.Why, Report?.At)
        : null;
}

/// <summary>The answer in place of the status while it cannot be read.</summary>
/// <param name="LastSeenAt">When the status could last be read; null when it never could.</param>
internal sealed record TroubleReport(
    DateTimeOffset At, bool InSync, StatusSentence Sentence, IReadOnlyList<Reason> Reasons, DateTimeOffset Since, string Why,
        DateTimeOffset? LastSeenAt);
