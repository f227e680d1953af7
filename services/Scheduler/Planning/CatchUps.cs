using System.Collections.Immutable;
using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>The running catch-up, if there is one, and the results of earlier ones.</summary>
internal sealed record CatchUps
{
    public CatchUpRound? Current { get; init; }

    public int Started { get; init; }

    public DateTimeOffset? LastStartedAt { get; init; }

    /// <summary>The number of failures in a row.</summary>
    public int Failures { get; init; }

    public string? LastFailure { get; init; }

    /// <summary>Whether any catch-up has ever succeeded.</summary>
    public bool HasSucceeded { get; init; }

    /// <summary>Actions for which no catch-up has begun yet.</summary>
    public ImmutableList<Guid> Actions { get; init; } = [];

    /// <summary>The results of the last ones, the newest first.</summary>
    public ImmutableList<Ended> Ended { get; init; } = [];

    /// <summary>A catch-up is due, whenever the last one was.</summary>
    public bool IsWanted { get; init; }

    /// <summary>Somebody asked for a catch-up, and none has begun since.</summary>
    public bool IsRequested { get; init; }

    /// <summary>Zoho's clock: from when a bulk read has to take a catch-up's place.</summary>
    public DateTimeOffset? TooLargeSince { get; init; }

    public CatchUps On(CatchUpStarted started) => this with
    {
        Current = new CatchUpRound(started.CatchUpId, started.Since, started.DeletedSince, started.At) { ProgressCheckedAt = started.At,
            Actions = Actions },
        Started = Started + 1,
        LastStartedAt = started.At,
        IsWanted = false,
        IsRequested = false,
        Actions = [],
    };

    // An operator's catch-up starts now, without the pause after failures.
    public CatchUps On(CatchUpRequested requested) =>
        this with { IsWanted = true, IsRequested = true, Actions = Actions.With(requested.Id) };

    public CatchUps On(CatchUpFailed failed) => Current is { } round && round.Id == failed.CatchUpId
        ? this with
        {
            Current = null,
            Failures = Failures + 1,
            LastFailure = failed.Reason,
            Ended = Ended.With(new Ended(round.Id, Outcome.Failed, failed.Reason, round.Actions)),
        }
        : this;

    public CatchUps On(CatchUpTooLarge tooLarge) => Current is { } round && round.Id == tooLarge.CatchUpId
        ? this with
        {
            Current = null,
            TooLargeSince = round.Since,
            Failures = 0,
            LastFailure = null,
            // A bulk read takes its place, and the catch-up after that one completes the actions.
            Actions = [.. round.Actions, .. Actions],
            Ended = Ended.With(new Ended(round.Id, Outcome.TooLarge, "So much was modified that it is read in bulk.", [])),
        }
        : this;

    /// <summary>
    /// A new leader cannot know whether the catch-up of the leader before was sent. A second reading under the same id could mix with the
    /// first: the projector could mistake the pages of one reading for those of the other. So the plan replaces it by a new catch-up.
    /// </summary>
    public CatchUps On(LeadershipTaken _) => this with
    {
        Current = null,
        IsWanted = true,
        Actions = [.. Current?.Actions ?? [], .. Actions],
    };

    public CatchUps Change(Guid id, Func<CatchUpRound, CatchUpRound> change) =>
        Current is { } round && round.Id == id ? this with { Current = change(round) } : this;

    public CatchUps Done() => this with
    {
        Current = null,
        Failures = 0,
        LastFailure = null,
        HasSucceeded = true,
        Ended = Ended.With(new Ended(Current!.Id, Outcome.Completed, Trouble: null, Current.Actions)),
    };
}

/// <summary>One catch-up.</summary>
/// <param name="Since">From where modifications are read, Zoho's clock.</param>
/// <param name="DeletedSince">From where deletions are read, Zoho's clock.</param>
internal sealed record CatchUpRound(Guid Id, DateTimeOffset Since, DateTimeOffset DeletedSince, DateTimeOffset StartedAt)
{
    public bool IsSent { get; init; }

    /// <summary>The actions that it carries out.</summary>
    public ImmutableList<Guid> Actions { get; init; } = [];

    /// <summary>Zoho's clock: the moment up to which it read everything; null until it has.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The number of its pages; unknown until it has read everything.</summary>
    public int Pages { get; init; }

    /// <summary>Whether it read every deletion, as far as is known.</summary>
    public bool AreDeletionsComplete { get; init; } = true;

    public ImmutableSortedSet<int> Projected { get; init; } = [];

    /// <summary>When its progress was last checked, and how many pages were projected then.</summary>
    public DateTimeOffset ProgressCheckedAt { get; init; }

    public int PagesAtLastCheck { get; init; }

    public bool IsDone => Until is not null && Enumerable.Range(1, Pages).All(Projected.Contains);

    // If two reports differ, the one that claims less counts: the earlier end, more pages to project, an incomplete list of deletions.
    public CatchUpRound On(CatchUpRead read) => this with
    {
        Until = Moments.Earlier(Until, read.Until),
        Pages = Math.Max(Pages, read.Pages),
        AreDeletionsComplete = AreDeletionsComplete && read.AreDeletionsComplete,
    };

    public CatchUpRound On(CatchUpPageProjected projected) => this with { Projected = Projected.Add(projected.Page) };

    public CatchUpRound On(CatchUpAdvanced advanced) => this with { ProgressCheckedAt = advanced.At, PagesAtLastCheck = advanced.Pages };
}
