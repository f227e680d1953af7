namespace LeadSync.Scheduler.Planning;

internal static class Phase
{
    /// <summary>Where the sync is, in the words that <c>legacy.sync_status</c> shows its readers.</summary>
    public static string Of(SyncState state, DateTimeOffset now) => state switch
    {
        { IsPaused: true } => "paused",
        _ when !state.Channel.IsOpenAt(now) => "subscribing",
        { LastGoodSync: null } => "initial read",
        _ when IsCatchingUp(state) => "catching up",
        { Run: not null } or { Comparison: not null } => "comparing",
        _ => "in sync",
    };

    private static bool IsCatchingUp(SyncState state) =>
        state.CatchUps is not { Current: null, IsWanted: false, Failures: 0, TooLargeSince: null } || state.Gaps.Open.Any();
}
