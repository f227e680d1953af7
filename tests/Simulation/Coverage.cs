using LeadSync.Scheduler.Planning;

namespace LeadSync.Simulation;

/// <summary>The activities of a sync, several of which may run at the same time.</summary>
internal enum Activity
{
    Subscribing, FirstRead, Live, CatchingUp, Comparing, Renewing, Rebuilding,
}

/// <summary>Counts how often each disturbance struck each activity.</summary>
internal sealed class Coverage
{
    public static IReadOnlyList<Disturbance> Disturbances { get; } = Enum.GetValues<Disturbance>();

    public static IReadOnlyList<Activity> Activities { get; } = Enum.GetValues<Activity>();

    private readonly long[] struck = new long[Disturbances.Count * Activities.Count];

    public long this[Disturbance disturbance, Activity activity] => struck[Index(disturbance, activity)];

    public void Count(Disturbance disturbance, SyncState state)
    {
        var isLive = true;
        foreach (var activity in Activities)
        {
            if (activity == Activity.Live || !IsUnderWay(activity, state))
                continue;

            struck[Index(disturbance, activity)]++;
            isLive = false;
        }

        if (isLive)
            struck[Index(disturbance, Activity.Live)]++;
    }

    public void Add(Coverage other)
    {
        for (var index = 0; index < struck.Length; index++)
            struck[index] += other.struck[index];
    }

    private static bool IsUnderWay(Activity activity, SyncState state) => activity switch
    {
        Activity.Subscribing => state.Channel.Id is null,
        Activity.FirstRead => state is { Channel.Id: not null, LastGoodSync: null },
        Activity.CatchingUp => state.CatchUps is { Current: not null } or { TooLargeSince: not null },
        Activity.Comparing => state.LastGoodSync is not null && (state.Run is not null || state.Comparison is not null),
        Activity.Renewing => state.Channel is { Id: not null, RenewalsSent: > 0 },
        Activity.Rebuilding => state.Rebuild?.IsRunning == true,
        _ => false,
    };

    private static int Index(Disturbance disturbance, Activity activity) => ((int)disturbance * Activities.Count) + (int)activity;
}
