using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>Catches up with Zoho: the one repair there is, whatever failed before.</summary>
internal static class CatchUpPlan
{
    // A change may become readable a little after the moment it is stamped with.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ProgressPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    // A reading stops a few seconds short of its moment, so one that begins just when a gap has ended does not reach that end.
    private static readonly TimeSpan GapPause = TimeSpan.FromSeconds(10);

    // Nothing else tells what changes.
    private static readonly TimeSpan SilentPause = TimeSpan.FromMinutes(5);

    public static IEnumerable<object> Decide(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        if (state.CatchUps.Current is not { } round)
            return Next(state, options, now) is { } next ? [next] : [];
        var patience = Patience(state.CatchUps.Failures);
        if (now < round.LookedAt + patience)
            return [];

        return round.Projected.Count > round.PagesThen
            ? [new CatchUpAdvanced(round.Id, round.Projected.Count, now)]
            : [new CatchUpFailed(round.Id, $"No progress within {patience.TotalMinutes:0} minutes.")];
    }

    public static IEnumerable<Dispatch> Commands(SyncState state, DateTimeOffset now)
    {
        if (state.CatchUps.Current is { IsSent: false } round)
        {
            var patience = Patience(state.CatchUps.Failures);
            var command = new CatchUp(round.Id, round.Since, round.DeletedSince, round.LookedAt + patience, patience);
            yield return new(command, new CatchUpSent(round.Id, now));
        }
    }

    // One that needs longer than the last was given is not begun for nothing again and again.
    private static TimeSpan Patience(int failures) => Backoff.After(failures + 1, ProgressPatience, LongestPatience);

    /// <summary>When the next one may begin.</summary>
    public static DateTimeOffset Due(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        var catchUps = state.CatchUps;
        if (catchUps.LastStartedAt is not { } last)
            return DateTimeOffset.MinValue;
        // Whoever orders one may have mended what made the last ones fail.
        if (catchUps.IsOrdered)
            return DateTimeOffset.MinValue;
        if (catchUps.Failures > 0)
            return last + Backoff.After(catchUps.Failures, FirstPause, LongestPause, DerivedId.From("catch-up", catchUps.Started, last));
        if (catchUps.IsWanted)
            return DateTimeOffset.MinValue;

        if (state.Channel.IsSilent && SilentPause < options.CatchUpInterval)
            return last + SilentPause;

        // A gap of deletions that Zoho does not list is closed by a comparison; until then each catch-up reads all the others again.
        var pause = state.AreDeletionsHidden ? SilentPause : GapPause;
        var hasEndedGap = state.Gaps.Open.Any(gap => gap.To <= now);
        return last + (hasEndedGap && pause < options.CatchUpInterval ? pause : options.CatchUpInterval);
    }

    private static CatchUpStarted? Next(SyncState state, SchedulerOptions options, DateTimeOffset now) => state switch
    {
        { IsPaused: true } or { CatchUps.TooLargeSince: not null } => null,
        { ModifiedThrough: { } modified, DeletedThrough: { } deleted } when now >= Due(state, options, now) && CreditPlan.AllowsCatchUp(state) =>
            new(DerivedId.From("catch-up", state.CatchUps.Started, now), modified - Overlap, deleted - Overlap, now),
        _ => null,
    };
}
