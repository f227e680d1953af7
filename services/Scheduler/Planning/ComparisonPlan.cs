using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>After a full read, asks the projector which leads of the view it did not show.</summary>
internal static class ComparisonPlan
{
    private static readonly TimeSpan FirstPatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromHours(2);

    public static IEnumerable<Dispatch> Commands(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        if (state is not { IsPaused: false, Comparison: { } comparison } || now < comparison.SentAt + Patience(comparison))
            yield break;

        var sent = new CompareLeadsSent(comparison.RunId, now);
        if (comparison.IsReleased)
            yield return (new AnnounceMissing(comparison.RunId), sent);
        else
            yield return (
                new CompareLeads(comparison.RunId, comparison.ReadFrom, options.MaximumRemovalShare, comparison.Pages), sent);
    }

    private static TimeSpan Patience(Comparison comparison) => Backoff.After(comparison.Sent, FirstPatience, LongestPatience);
}

/// <summary>A full read that is to be compared with the view.</summary>
/// <param name="ReadFrom">Its first job's <c>created_time</c>, Zoho's clock.</param>
/// <param name="IsReleased">Whether it was held back, and an operator has released it.</param>
internal sealed record Comparison(Guid RunId, DateTimeOffset ReadFrom, bool IsReleased = false)
{
    /// <summary>The number of its pages; null when an earlier version recorded it without counting.</summary>
    public int? Pages { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public ImmutableList<Guid> Actions { get; init; } = [];

    public int Sent { get; init; }

    public Comparison On(CompareLeadsSent sent) => sent.RunId == RunId ? this with { SentAt = sent.At, Sent = Sent + 1 } : this;
}

/// <summary>A comparison that would remove too many leads. It waits for an operator, or for the next comparison.</summary>
/// <param name="ReadFrom">Zoho's clock.</param>
/// <param name="Living">Living leads in the view.</param>
/// <param name="Missing">How many of them the read did not show.</param>
internal sealed record HeldComparison(Guid RunId, DateTimeOffset ReadFrom, int Living, int Missing)
{
    [JsonPropertyName("orders")]
    public ImmutableList<Guid> Actions { get; init; } = [];
}
