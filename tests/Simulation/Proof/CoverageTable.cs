namespace LeadSync.Simulation.Proof;

/// <summary>Which disturbance struck which activity of the sync, and how often. Says why some never can.</summary>
internal static class CoverageTable
{
    private static readonly (Activity Activity, string Reason, Disturbance[] Disturbances)[] Impossible =
    [
        (Activity.Subscribing, "no bulk read begins before the channel is open",
            [Disturbance.JobFails, Disturbance.PageDamaged, Disturbance.PageNotFetched, Disturbance.CallbackLost]),
        (Activity.Subscribing, "nothing has been read, so nothing is parked", [Disturbance.ReplayParked]),
        (Activity.Live, "bulk reads are part of a first read, a comparison or a catch-up: what strikes otherwise strikes one that was "
            + "given up",
            [Disturbance.JobFails, Disturbance.PageDamaged, Disturbance.PageNotFetched, Disturbance.CallbackLost]),
        (Activity.Rebuilding, "rebuilds are not run through here: KilledRebuildTests and ReplayEqualityTests see to real ones",
            [.. Coverage.Disturbances]),
    ];

    public static void Write(Coverage coverage, TextWriter output)
    {
        output.WriteLine($"{"struck",-22}{string.Concat(Coverage.Activities.Select(activity => $"{Words(activity.ToString()),14}"))}");
        foreach (var disturbance in Coverage.Disturbances)
        {
            output.WriteLine($"{Words(disturbance.ToString()),-22}"
                + string.Concat(Coverage.Activities.Select(activity => $"{Cell(coverage, disturbance, activity),14}")));
        }

        foreach (var (activity, reason, disturbances) in Impossible)
        {
            var which = disturbances.Length == Coverage.Disturbances.Count
                ? "everything"
                : string.Join(", ", disturbances.Select(one => Words(one.ToString())));
            output.WriteLine($"–: {Words(activity.ToString())}, {which}: {reason}");
        }
    }

    /// <summary>What never struck, although no reason is known why it could not.</summary>
    public static IEnumerable<(Disturbance Disturbance, Activity Activity)> Unexplained(Coverage coverage) =>
        from disturbance in Coverage.Disturbances
        from activity in Coverage.Activities
        where coverage[disturbance, activity] == 0 && !IsImpossible(disturbance, activity)
        select (disturbance, activity);

    private static string Cell(Coverage coverage, Disturbance disturbance, Activity activity) => coverage[disturbance, activity] switch
    {
        0 => IsImpossible(disturbance, activity) ? "–" : "never",
        var count => $"{count:N0}",
    };

    private static bool IsImpossible(Disturbance disturbance, Activity activity) =>
        Impossible.Any(pair => pair.Activity == activity && pair.Disturbances.Contains(disturbance));

    private static string Words(string name) =>
        string.Concat(
            name.Select((letter, index) =>
                index > 0 && char.IsUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
