using System.Collections.Immutable;
using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>The catch-up that is going on, if one is, and what came of those before.</summary>
internal sealed record CatchUps
{
    public CatchUpRound? Current { get; init; }

    public int Started { get; init; }

    public DateTimeOffset? LastStartedAt { get; init; }

    /// <summary>How many in a row came to nothing.</summary>
    public int Failures { get; init; }

    public string? LastFailure { get; init; }

    /// <summary>One is due, whenever the last one was.</summary>
    public bool IsWanted { get; init; }

    /// <summary>From where a bulk read has to stand in for a catch-up, Zoho's clock.</summary>
    public DateTimeOffset? TooLargeSince { get; init; }

    public CatchUps On(CatchUpStarted started) => this with
    {
        Current = new CatchUpRound(started.CatchUpId, started.Since, started.DeletedSince, started.At) { LookedAt = started.At },
        Started = Started + 1,
        LastStartedAt = started.At,
        IsWanted = false,
    };

    public CatchUps On(CatchUpFailed failed) =>
        Current?.Id == failed.CatchUpId ? this with { Current = null, Failures = Failures + 1, LastFailure = failed.Reason } : this;

    public CatchUps On(CatchUpTooLarge tooLarge) => Current is { } round && round.Id == tooLarge.CatchUpId
        ? this with { Current = null, TooLargeSince = round.Since, Failures = 0, LastFailure = null }
        : this;

    /// <summary>
    /// A new leader cannot know whether the catch-up of the one before was sent. Sent twice it would publish two readings under one id,
    /// and the pages of one could be taken for those of the other; so it is given up for a new one.
    /// </summary>
    public CatchUps On(LeadershipTaken _) => this with { Current = null, IsWanted = true };

    public CatchUps Change(Guid id, Func<CatchUpRound, CatchUpRound> change) =>
        Current is { } round && round.Id == id ? this with { Current = change(round) } : this;

    public CatchUps Done() => this with { Current = null, Failures = 0, LastFailure = null };
}

/// <summary>One catch-up.</summary>
/// <param name="Since">From where modifications are read, Zoho's clock.</param>
/// <param name="DeletedSince">From where deletions are read, Zoho's clock.</param>
internal sealed record CatchUpRound(Guid Id, DateTimeOffset Since, DateTimeOffset DeletedSince, DateTimeOffset StartedAt)
{
    public bool IsSent { get; init; }

    /// <summary>The moment, in Zoho's clock, up to which it read everything; null until it has.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many pages it has; unknown until it has read everything.</summary>
    public int Pages { get; init; }

    /// <summary>Whether it read every deletion, as far as is known.</summary>
    public bool AreDeletionsComplete { get; init; } = true;

    public ImmutableSortedSet<int> Projected { get; init; } = [];

    /// <summary>When its progress was last looked at, and how many pages were projected by then.</summary>
    public DateTimeOffset LookedAt { get; init; }

    public int PagesThen { get; init; }

    public bool IsDone => Until is not null && Enumerable.Range(1, Pages).All(Projected.Contains);

    // Whatever a gateway says twice, the lesser claim is the safe one.
    public CatchUpRound On(CatchUpRead read) => this with
    {
        Until = Instant.Earlier(Until, read.Until),
        Pages = Math.Max(Pages, read.Pages),
        AreDeletionsComplete = AreDeletionsComplete && read.AreDeletionsComplete,
    };

    public CatchUpRound On(CatchUpPageProjected projected) => this with { Projected = Projected.Add(projected.Page) };

    public CatchUpRound On(CatchUpAdvanced advanced) => this with { LookedAt = advanced.At, PagesThen = advanced.Pages };
}
