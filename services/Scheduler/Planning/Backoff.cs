namespace LeadSync.Scheduler.Planning;

internal static class Backoff
{
    /// <summary>The pause after the n-th attempt: doubled each time.</summary>
    public static TimeSpan After(int attempts, TimeSpan first, TimeSpan most) =>
        Math.Pow(2, Math.Max(attempts - 1, 0)) is var factor && factor < most / first ? first * factor : most;

    /// <summary>The same with jitter of up to a quarter, so that callers that failed together do not retry together.</summary>
    /// <param name="chance">The source of the random part: an id of what is retried.</param>
    public static TimeSpan After(int attempts, TimeSpan first, TimeSpan most, Guid chance) =>
        After(attempts, first, most) * (1 + (chance.ToByteArray()[attempts & 15] / 1024.0));
}
