namespace LeadSync.Scheduler.Planning;

/// <summary>
/// How long commands are valid. The plan repeats a command without an answer, so a gateway that returns after an outage finds it many
/// times. It carries out only the ones that the plan still waits for. Each life is longer than the difference between two machines' clocks.
/// </summary>
internal static class CommandLife
{
    /// <summary>The life of commands that the plan repeats within two minutes.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMinutes(2);

    /// <summary>The life of a command for a job: a little longer than the longest pause before the plan repeats it, which is five minutes
    /// and a quarter of that.</summary>
    public static readonly TimeSpan OfJob = TimeSpan.FromMinutes(8);
}
