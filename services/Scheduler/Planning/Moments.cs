namespace LeadSync.Scheduler.Planning;

/// <summary>The earlier and the later of two moments, of which each may be unknown.</summary>
internal static class Moments
{
    public static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    public static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}
