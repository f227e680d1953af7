using System.Text.Json.Serialization;

namespace LeadSync.Scheduler.Planning;

/// <summary>The activity of the sync. The verdict says whether the view shows what Zoho holds.</summary>
internal enum Phase
{
    [JsonStringEnumMemberName("paused")]
    Paused,

    [JsonStringEnumMemberName("subscribing")]
    Subscribing,

    [JsonStringEnumMemberName("initial read")]
    InitialRead,

    [JsonStringEnumMemberName("catching up")]
    CatchingUp,

    [JsonStringEnumMemberName("comparing")]
    Comparing,

    [JsonStringEnumMemberName("in sync")]
    InSync,

    /// <summary>There is nothing to do, and yet the view may lack changes: Zoho is not heard, or changes wait.</summary>
    [JsonStringEnumMemberName("not in sync")]
    NotInSync,
}

internal static class Phases
{
    /// <summary>The phase as far as the plan knows. A scheduled catch-up with no gap to close is not a phase.</summary>
    public static Phase Of(SyncState state, DateTimeOffset now) => state switch
    {
        { IsPaused: true } => Phase.Paused,
        _ when !state.Channel.IsOpenAt(now) => Phase.Subscribing,
        { LastFullRead: null } => Phase.InitialRead,
        _ when IsCatchingUp(state) => Phase.CatchingUp,
        { Run: not null } or { Comparison: not null } => Phase.Comparing,
        _ => Phase.InSync,
    };

    /// <summary>In the words of <c>legacy.sync_status</c> and of <c>GET /status</c>.</summary>
    public static string Text(this Phase phase) => phase switch
    {
        Phase.Paused => "paused",
        Phase.Subscribing => "subscribing",
        Phase.InitialRead => "initial read",
        Phase.CatchingUp => "catching up",
        Phase.Comparing => "comparing",
        Phase.NotInSync => "not in sync",
        _ => "in sync",
    };

    private static bool IsCatchingUp(SyncState state) =>
        !state.CatchUps.HasSucceeded || state.CatchUps is not { Failures: 0, TooLargeSince: null } || state.Gaps.Open.Any()
            || state.Channel.IsSilent;
}
