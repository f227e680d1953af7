using System.Collections.Immutable;
using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>Everything that the plan needs: the fold of the recorded events. Immutable; nothing here reads a clock.</summary>
internal sealed partial record SyncState
{
    public static SyncState Empty { get; } = new();

    /// <summary>The scheduler's clock: when the first leader began. No lead was read before.</summary>
    public DateTimeOffset? FirstLedAt { get; init; }

    public Channel Channel { get; init; } = new();

    /// <summary>The running bulk read. One at a time, as Zoho's limits advise.</summary>
    public BulkRun? Run { get; init; }

    public int RunsStarted { get; init; }

    public FullRead? LastFullRead { get; init; }

    /// <summary>The running comparison.</summary>
    public Comparison? Comparison { get; init; }

    public LeadsCompared? LastComparison { get; init; }

    public HeldComparison? HeldComparison { get; init; }

    public bool IsFullComparisonWanted { get; init; }

    /// <summary>Actions for which no full comparison has begun yet.</summary>
    public ImmutableList<Guid> ComparisonActions { get; init; } = [];

    /// <summary>The results of the last full reads, the newest first.</summary>
    public ImmutableList<Ended> EndedComparisons { get; init; } = [];

    /// <summary>The running rebuild of the view, or the last one.</summary>
    public Rebuild? Rebuild { get; init; }

    public CatchUps CatchUps { get; init; } = new();

    public Gaps Gaps { get; init; } = new();

    /// <summary>Zoho's clock: every modification before this moment is in the view.</summary>
    public DateTimeOffset? ModifiedThrough { get; init; }

    /// <summary>Zoho's clock: every deletion before this moment is in the view.</summary>
    public DateTimeOffset? DeletedThrough { get; init; }

    /// <summary>Zoho lists more deletions than it lets anybody read, so only comparisons find them all.</summary>
    public bool AreDeletionsHidden { get; init; }

    /// <summary>The number of comparisons that have found missing leads since then.</summary>
    public int ComparisonsOfHidden { get; init; }

    /// <summary>
    /// Zoho's clock: when a bulk read of several pages began, for which no catch-up has shown yet whether leads were deleted meanwhile.
    /// </summary>
    public DateTimeOffset? MissingLeadsSince { get; init; }

    /// <summary>Null until every lead was read once.</summary>
    public DateTimeOffset? LastGoodSync => DeletedThrough < ModifiedThrough ? DeletedThrough : ModifiedThrough;

    /// <summary>The gateway's last report about API credits.</summary>
    public CreditsCounted? Credits { get; init; }

    /// <summary>Who paused the sync, since when and why; null while it is not paused.</summary>
    public SyncPaused? Pause { get; init; }

    public bool IsPaused => Pause is not null;

    /// <summary>The last version of each service that was seen running.</summary>
    public ImmutableDictionary<string, string> Versions { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Every lead was read once, and a catch-up has read the changes since. Only from then on can the view show what Zoho
    /// holds.</summary>
    public bool HasBeenComplete => LastFullRead is not null && CatchUps.HasSucceeded;

    /// <summary>
    /// The state after one more event. Messages arrive at least once and in any order. So a repeated message changes nothing, and a message
    /// about a run or a catch-up that is over is ignored.
    /// </summary>
    public static SyncState Apply(SyncState state, object @event) => @event switch
    {
        LeadershipTaken e => state with { FirstLedAt = state.FirstLedAt ?? e.At, CatchUps = state.CatchUps.On(e) },
        SyncPaused e => state with { Pause = state.Pause ?? e },
        SyncResumed => state with { Pause = null },
        CatchUpRequested e => state with { CatchUps = state.CatchUps.On(e) },
        FullComparisonRequested e => state with { IsFullComparisonWanted = true, ComparisonActions = state.ComparisonActions.With(e.Id) },

        RenewChannelSent e => state with { Channel = state.Channel.On(e) },
        ChannelRenewed e => state.On(e),
        ChannelRenewalFailed e => state with { Channel = state.Channel.On(e) },
        CheckChannelSent e => state with { Channel = state.Channel.On(e) },
        ChannelConfirmed e => (state with { Channel = state.Channel.On(e) }).JudgeSilence(e.LatestModification, e.HeardAt),
        ChannelLost e => state.On(e),
        ChannelExpired e => state.On(e),
        GapDetected e => state.WithGap(e.Kind, e.Cause, e.From, e.To, e.To),
        GapClosed e => state with { Gaps = state.Gaps.Close(e.GapId, e.At) },

        CreditsCounted e => e.CountedAt > state.Credits?.CountedAt || state.Credits is null ? state with { Credits = e } : state,

        BulkRunStarted e => state.On(e),
        StartBulkReadSent e => state.WithPage(e.RunId, e.Page, page => page.On(e)),
        BulkJobCreated e => state.WithPage(e.RunId, e.Page, page => page.With(e.JobId, job => job.On(e))),
        CheckBulkJobSent e => state.WithPage(e.RunId, e.Page, page => page.With(e.JobId, job => job.On(e))),
        BulkJobCalledBack e => state with { Run = state.Run?.With(e.JobId, job => job.On(e)) },
        BulkPageReady e => state.WithPage(e.RunId, e.Page, page => page.With(e.JobId, job => job.On(e))),
        BulkPageProjected e => state.WithPage(e.RunId, e.Page, page => page.With(e.JobId, job => job.On(e))),
        BulkPageRejected e => state.WithPage(e.RunId, e.Page, page => page.Failed(e.JobId, e.Reason)),
        BulkJobFailed e => state.WithPage(e.RunId, e.Page, page => page.Failed(e.JobId, e.Reason), e.RestartRun),
        CompareLeadsSent e => state with { Comparison = state.Comparison?.On(e) },
        LeadsCompared e => state.On(e),
        HeldComparisonReleased e => state.On(e),
        HeldComparisonDropped e => state.On(e),

        RebuildRequested e => state with { Rebuild = Rebuild.On(state.Rebuild, e) },
        RebuildViewSent e => state with { Rebuild = state.Rebuild?.On(e) },
        ViewRebuildProgressed e => state with { Rebuild = state.Rebuild?.On(e) },
        ViewRebuilt e => state with { Rebuild = state.Rebuild?.On(e) },
        ViewRebuildFailed e => state with { Rebuild = state.Rebuild?.On(e) },

        CatchUpStarted e => state with { CatchUps = state.CatchUps.On(e) },
        CatchUpSent e => state.WithCatchUp(e.CatchUpId, round => round with { IsSent = true }),
        CatchUpAdvanced e => state.WithCatchUp(e.CatchUpId, round => round.On(e)),
        CatchUpPageProjected e => state.WithCatchUp(e.CatchUpId, round => round.On(e)),
        CatchUpRead e => state.NoteDeletions(e).JudgeSilenceIn(e.CatchUpId, e.LatestModification, e.HeardAt)
            .WithCatchUp(e.CatchUpId, round => round.On(e)),
        CatchUpTooLarge e => state.JudgeSilenceIn(e.CatchUpId, e.LatestModification, e.HeardAt) is var listened
            ? listened with { CatchUps = listened.CatchUps.On(e) }
            : state,
        CatchUpFailed e => state with { CatchUps = state.CatchUps.On(e) },

        VersionSeen e => state with { Versions = state.Versions.SetItem(e.Service, e.Version) },

        // A newer version wrote this event and was rolled back. That version will understand it again.
        _ => state,
    };
}
