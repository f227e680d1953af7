namespace LeadSync.Scheduler.Planning;

/// <summary>
/// How long commands are worth carrying out. What is not answered is asked for again; so whoever comes back after an outage finds the same command many times,
/// and only those that the plan still waits for are done. Longer than the clocks of two machines differ.
/// </summary>
internal static class CommandLife
{
    /// <summary>Of what is asked for again within two minutes.</summary>
    public static readonly TimeSpan Short = TimeSpan.FromMinutes(2);

    /// <summary>Of a job: until it is asked for again at the latest, five minutes and a quarter of them later, and a little more.</summary>
    public static readonly TimeSpan OfJob = TimeSpan.FromMinutes(8);
}
