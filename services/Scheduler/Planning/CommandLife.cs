namespace LeadSync.Scheduler.Planning;

/// <summary>
/// How long commands are valid. The plan repeats a command without an answer, so a gateway that returns after an outage finds it many
/// times. It carries out only the ones that the plan still waits for. Each life is longer than the difference between two machines' clocks.
/// </summary>
internal static class CommandLife
{
    /// <summary>For commands that are repeated within two minutes.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMinutes(2);

    /// <summary>For a job: until it is asked for again at the latest, which is five minutes and a quarter of them later, and a little
    /// more.</summary>
    public static readonly TimeSpan OfJob = TimeSpan.FromMinutes(8);
}
