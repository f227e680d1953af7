using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>Plans catch-ups. A catch-up repairs every kind of failure.</summary>
internal static class CatchUpPlan
{
    // A change may become readable a little after its modified time.
    private static readonly TimeSpan CatchUpOverlap = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ProgressPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromHours(1);

    // An operator's catch-up replaces one that has shown nothing for this long. Somebody who asks again and again must not keep every
    // catch-up from its first page.
    private static readonly TimeSpan FirstPagePatience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // A catch-up reads up to a few seconds before its start. So a catch-up that begins right when a gap ends does not reach the end.
    private static readonly TimeSpan GapPause = TimeSpan.FromSeconds(10);

    // While the channel is silent, only catch-ups find changes.
    private static readonly TimeSpan SilentPause = TimeSpan.FromMinutes(5);

    public static IEnumerable<Decision> Decide(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        if (state.CatchUps.Current is not { } round)
            return Next(state, options, now) is { } next ? [next] : [];
        var hasProgressed = round.Projected.Count > round.PagesAtLastCheck;
        if (state.CatchUps.IsRequested && !hasProgressed && now >= round.ProgressCheckedAt + FirstPagePatience
            && Next(state, options, now) is { } requested)
            return [new CatchUpFailed(round.Id, "An operator asked for another."), requested];

        var patience = Patience(state.CatchUps.Failures);
        if (now < round.ProgressCheckedAt + patience)
            return [];

        return hasProgressed
            ? [new CatchUpAdvanced(round.Id, round.Projected.Count, now)]
            : [new CatchUpFailed(round.Id, $"No progress within {patience.TotalMinutes:0} minutes.")];
    }

    public static IEnumerable<Dispatch> Commands(SyncState state, DateTimeOffset now)
    {
        if (state.CatchUps.Current is { IsSent: false } round)
        {
            var patience = Patience(state.CatchUps.Failures);
            var command = new CatchUp(round.Id, round.Since, round.DeletedSince, round.ProgressCheckedAt + patience, patience);
            yield return (command, new CatchUpSent(round.Id, now));
        }
    }

    // A catch-up that failed for lack of time is given more, so that it does not begin again and again for nothing.
    private static TimeSpan Patience(int failures) => Backoff.After(failures + 1, ProgressPatience, LongestPatience);

    /// <summary>When the next catch-up may begin.</summary>
    public static DateTimeOffset Due(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        var catchUps = state.CatchUps;
        if (catchUps.LastStartedAt is not { } last)
            return DateTimeOffset.MinValue;
        // An operator who asks for a catch-up may have removed the cause of the failures.
        if (catchUps.IsRequested)
            return DateTimeOffset.MinValue;
        if (catchUps.Failures > 0)
            return last + Backoff.After(catchUps.Failures, FirstPause, LongestPause, DerivedId.From("catch-up", catchUps.Started, last));
        if (catchUps.IsWanted)
            return DateTimeOffset.MinValue;

        if (state.Channel.IsSilent && SilentPause < options.CatchUpInterval)
            return last + SilentPause;

        // A comparison closes a gap of deletions that Zoho does not list. Until then, every catch-up would read the same deleted leads
        // again, so catch-ups wait for their usual interval.
        var hasEndedGap = state.Gaps.Open.Any(gap =>
            gap.To <= now && !(state.AreDeletionsHidden && gap.IsCoveredBy(state.ModifiedThrough)));
        return last + (hasEndedGap && GapPause < options.CatchUpInterval ? GapPause : options.CatchUpInterval);
    }

    private static CatchUpStarted? Next(SyncState state, SchedulerOptions options, DateTimeOffset now) => state switch
    {
        { IsPaused: true } or { CatchUps.TooLargeSince: not null } => null,
        { ModifiedThrough: { } modified, DeletedThrough: { } deleted } when now >= Due(state, options, now)
            && CreditPlan.AllowsCatchUp(state) =>
            new(DerivedId.From("catch-up", state.CatchUps.Started, now), modified - CatchUpOverlap, deleted - CatchUpOverlap, now),
        _ => null,
    };
}
