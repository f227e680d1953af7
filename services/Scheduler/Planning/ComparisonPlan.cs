using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>After everything was read, asks which leads of the view were not among it.</summary>
internal static class ComparisonPlan
{
    private static readonly TimeSpan FirstPatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromHours(2);

    public static IEnumerable<Dispatch> Commands(SyncState state, DateTimeOffset now)
    {
        if (state is { IsPaused: false, Comparison: { } comparison } && !(now < comparison.SentAt + Patience(comparison)))
            yield return new(new CompareLeads(comparison.RunId, comparison.ReadFrom), new CompareLeadsSent(comparison.RunId, now));
    }

    private static TimeSpan Patience(Comparison comparison) => Backoff.After(comparison.Sent, FirstPatience, LongestPatience);
}

/// <summary>A complete read that is to be compared with the view.</summary>
/// <param name="ReadFrom">Its first job's <c>created_time</c>, Zoho's clock.</param>
internal sealed record Comparison(Guid RunId, DateTimeOffset ReadFrom)
{
    public DateTimeOffset? SentAt { get; init; }

    public int Sent { get; init; }

    public Comparison On(CompareLeadsSent sent) => sent.RunId == RunId ? this with { SentAt = sent.At, Sent = Sent + 1 } : this;
}
