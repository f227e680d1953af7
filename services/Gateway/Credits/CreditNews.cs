using LeadSync.Contracts;

namespace LeadSync.Gateway.Credits;

/// <summary>When to tell the scheduler about credits: a few dozen messages a day, and at once when something becomes possible or
/// impossible.</summary>
internal static class CreditNews
{
    private const int Steps = 50;
    private const int StepWithoutBudget = 100;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromHours(1);

    public static bool IsWorthPublishing(CreditsCounted? told, CreditsCounted counted) =>
        told is null
        || Left(told) <= told.Reserve != Left(counted) <= counted.Reserve
        || Math.Abs(counted.Used - told.Used) >= (counted.Budget / Steps ?? StepWithoutBudget)
        || (counted.CountedAt - told.CountedAt >= LongestSilence && counted != told with { CountedAt = counted.CountedAt });

    private static long? Left(CreditsCounted counted) =>
        counted.Remaining < counted.Budget - counted.Used ? counted.Remaining : counted.Budget - counted.Used ?? counted.Remaining;
}
