using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>Events that change more than one part of the state.</summary>
internal sealed partial record SyncState
{
    private const string Expired = "The notification channel expired before it was renewed.";
    private const string Lost = "Zoho did not have the notification channel as we had opened it.";
    private const string Silent = "Nothing was heard from the notification channel although leads were modified.";
    private const string Hidden = "Zoho lists more deleted leads than the gateway can read; comparing every lead finds them.";
    private const string Reopened = "Zoho no longer knew the notification channel when it was to be renewed.";

    private SyncState On(ChannelRenewed renewed)
    {
        if (renewed.RenewedAt <= Channel.RenewedAt)
            return this;

        var state = this with { Channel = Channel.On(renewed), Gaps = Gaps.End(renewed.RenewedAt) };
        if (Channel.Id is null || !Gaps.AreEnded)
            return state;
        if (renewed.Reopened)
            return state.WithGap(GapKind.ChannelLost, Reopened, Channel.GoodAt, renewed.RenewedAt, renewed.RenewedAt);

        return Channel.ExpiresAt < renewed.RenewedAt
            ? state.WithGap(GapKind.ChannelExpired, Expired, Channel.ExpiresAt, renewed.RenewedAt, renewed.RenewedAt)
            : state;
    }

    private SyncState On(ChannelLost lost)
    {
        if (Channel.Id is null || lost.CheckedAt <= Channel.LostAt)
            return this;

        // The report of a loss may arrive after the renewal that repaired it. Then the gap ends with the renewal.
        var from = Channel.GoodAt < lost.CheckedAt ? Channel.GoodAt : lost.CheckedAt;
        DateTimeOffset? to = Channel.RenewedAt < lost.CheckedAt ? null : Channel.RenewedAt;
        return (this with { Channel = Channel with { LostAt = lost.CheckedAt } })
            .WithGap(GapKind.ChannelLost, Lost, from, to, lost.CheckedAt);
    }

    /// <summary>
    /// A channel that announces nothing although leads are modified counts as lost: the plan reopens it. The gap reaches back to the last
    /// good sync. A modification within another gap proves nothing about the channel: that gap is why its notification did not arrive.
    /// </summary>
    private SyncState JudgeSilence(DateTimeOffset? latestModification, DateTimeOffset? heardAt)
    {
        if (!Channel.WasSilent(latestModification, heardAt) || Gaps.All.Any(gap => gap.Explains(latestModification!.Value)))
            return heardAt > Channel.SilentSince ? this with { Channel = Channel with { SilentSince = null } } : this;

        var from = Moments.Later(heardAt, LastGoodSync)!.Value;
        return (this with { Channel = Channel with { SilentSince = latestModification, LostAt = latestModification } })
            .WithGap(GapKind.ChannelSilent, Silent, from < latestModification ? from : latestModification!.Value, null,
                latestModification!.Value);
    }

    private SyncState JudgeSilenceIn(Guid catchUpId, DateTimeOffset? latestModification, DateTimeOffset? heardAt) =>
        CatchUps.Current?.Id == catchUpId ? JudgeSilence(latestModification, heardAt) : this;

    private SyncState On(ChannelExpired expired) =>
        (this with { Channel = Channel with { ExpiryNoted = expired.ExpiredAt } })
            .WithGap(GapKind.ChannelExpired, Expired, expired.ExpiredAt, null, expired.At);

    // Before the first full read there is nothing that could have a gap: the first catch-up starts where the first read began.
    private SyncState WithGap(GapKind kind, string cause, DateTimeOffset from, DateTimeOffset? to, DateTimeOffset detectedAt) =>
        LastGoodSync is null ? this : this with { Gaps = Gaps.Add(new Gap(cause, from, to, detectedAt) { Kind = kind }) };

    // A run that begins again keeps the actions of its predecessor.
    private SyncState On(BulkRunStarted started)
    {
        var isComplete = started.Purpose is not BulkPurpose.CatchUp;
        return this with
        {
            Run = new BulkRun(started.RunId, started.Purpose, started.ModifiedSince, started.Attempt, started.At)
            {
                Actions = isComplete ? [.. Run?.Actions ?? [], .. ComparisonActions] : [],
            },
            RunsStarted = RunsStarted + 1,
            IsFullComparisonWanted = IsFullComparisonWanted && !isComplete,
            ComparisonActions = isComplete ? [] : ComparisonActions,
        };
    }

    private SyncState WithPage(Guid runId, int number, Func<BulkPage, BulkPage> change, bool restart = false)
    {
        if (Run is null || Run.Id != runId)
            return this;

        var run = Run.With(number, change) with { MustRestart = Run.MustRestart || restart };
        return run.IsProjected ? Finish(run) : this with { Run = run };
    }

    private SyncState Finish(BulkRun run)
    {
        var readFrom = run.FirstCreatedTime!.Value;
        var hasOnePage = run.KnownPages.Count() == 1;
        var mustCount = LastFullRead is null || CatchUps.TooLargeSince is not null;
        var state = this with
        {
            Run = null,
            // A lead may have moved between two pages and be on neither. When catch-ups read the same window anyway, this run does not
            // count as having read it. Otherwise a deletion since the run began makes the sync read everything again.
            ModifiedThrough = hasOnePage || mustCount ? Moments.Later(ModifiedThrough, readFrom) : ModifiedThrough,
            MissingLeadsSince = !hasOnePage && mustCount ? Moments.Earlier(MissingLeadsSince, readFrom) : MissingLeadsSince,
            // A bulk read shows no deletions. Observations of a lead that was deleted before the first read may still arrive.
            DeletedThrough = DeletedThrough ?? Moments.Earlier(readFrom, FirstLedAt),
            CatchUps = CatchUps with { IsWanted = true, TooLargeSince = null },
        };
        return run.IsComplete
            ? state with
            {
                LastFullRead = FullRead.Of(run, readFrom),
                Comparison = new Comparison(run.Id, readFrom) { Actions = run.Actions, Pages = run.Pages.Count },
            }
            : state with { IsFullComparisonWanted = IsFullComparisonWanted || run.FieldSet != LastFullRead?.FieldSet };
    }

    /// <summary>
    /// Zoho cuts pages by position. A lead that is deleted while they are read moves those behind it forward, so one may slip between two
    /// pages. Nothing else shows this lead, so everything is read again. A catch-up that could not read every deletion does not show
    /// that none happened.
    /// </summary>
    private SyncState NoteDeletions(CatchUpRead read)
    {
        if (CatchUps.Current?.Id != read.CatchUpId)
            return this;

        var mayBeMissing = read.LatestDeletion >= MissingLeadsSince;
        return this with
        {
            MissingLeadsSince = mayBeMissing || read.AreDeletionsComplete ? null : MissingLeadsSince,
            IsFullComparisonWanted = IsFullComparisonWanted || mayBeMissing,
        };
    }

    private SyncState On(LeadsCompared compared)
    {
        // After the release, a repeated message about the hold is not news.
        if (Comparison is not { } comparison || comparison.RunId != compared.RunId || (comparison.IsReleased && compared.HeldBack))
            return this;

        var showsAll = AreDeletionsHidden && compared is { Missing: 0, HeldBack: false };
        return this with
        {
            Comparison = null,
            LastComparison = compared,
            DeletedThrough = showsAll ? Moments.Later(DeletedThrough, comparison.ReadFrom) : DeletedThrough,
            AreDeletionsHidden = AreDeletionsHidden && !showsAll,
            ComparisonsOfHidden = AreDeletionsHidden && !showsAll ? ComparisonsOfHidden + 1 : 0,
            CatchUps = showsAll ? CatchUps with { IsWanted = true } : CatchUps,
            HeldComparison = compared.HeldBack
                ? new HeldComparison(compared.RunId, comparison.ReadFrom, compared.Living, compared.Missing)
                {
                    Actions = comparison.Actions,
                }
                : null,
            EndedComparisons = EndedComparisons.With(new Ended(
                compared.RunId, compared.HeldBack ? Outcome.HeldBack : Outcome.Completed, Trouble: null, comparison.Actions)),
        };
    }

    // A comparison that has begun meanwhile finds the same leads, and reports them itself.
    private SyncState On(HeldComparisonReleased released) => HeldComparison is { } held && held.RunId == released.RunId
        ? this with { HeldComparison = null, Comparison = Comparison
            ?? new Comparison(held.RunId, held.ReadFrom, IsReleased: true) { Actions = held.Actions } }
        : this;

    private SyncState On(HeldComparisonDropped dropped) => HeldComparison is { } held && held.RunId == dropped.RunId
        ? this with
        {
            HeldComparison = null,
            EndedComparisons = EndedComparisons.With(new Ended(held.RunId, Outcome.Dropped, "An operator dropped it.", held.Actions)),
        }
        : this;

    private SyncState WithCatchUp(Guid id, Func<CatchUpRound, CatchUpRound> change)
    {
        var catchUps = CatchUps.Change(id, change);
        if (catchUps.Current is not { IsDone: true } done)
            return this with { CatchUps = catchUps };

        return (this with { CatchUps = catchUps.Done(), ModifiedThrough = Moments.Later(ModifiedThrough, done.Until) }).WithDeletions(done);
    }

    /// <summary>
    /// A list of deletions that ends early confirms none of them, whatever it contains. A comparison finds those that the list does not
    /// show. When a comparison finds no missing lead, all deletions are applied.
    /// </summary>
    private SyncState WithDeletions(CatchUpRound done)
    {
        if (done.AreDeletionsComplete)
            return this with
            {
                DeletedThrough = Moments.Later(DeletedThrough, done.Until), AreDeletionsHidden = false, ComparisonsOfHidden = 0,
            };

        var hidden = WithGap(GapKind.DeletionsHidden, Hidden, done.DeletedSince, done.Until, done.Until!.Value);
        return hidden with { AreDeletionsHidden = true, IsFullComparisonWanted = IsFullComparisonWanted || !AreDeletionsHidden };
    }
}

/// <summary>The last full read.</summary>
/// <param name="StartedAt">The scheduler's clock.</param>
/// <param name="ReadFrom">Its first job's <c>created_time</c>, Zoho's clock.</param>
/// <param name="FieldSet">The field set of all its pages; null when the fields changed meanwhile.</param>
internal sealed record FullRead(
    Guid RunId, BulkPurpose Purpose, DateTimeOffset StartedAt, DateTimeOffset ReadFrom, int Rows, int Pages, string? FieldSet)
{
    public static FullRead Of(BulkRun run, DateTimeOffset readFrom) =>
        new(run.Id, run.Purpose, run.StartedAt, readFrom,
            run.KnownPages.Sum(page => page.Result!.Rows), run.KnownPages.Count(), run.FieldSet);
}
