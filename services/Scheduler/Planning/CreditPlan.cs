using LeadSync.Contracts;

namespace LeadSync.Scheduler.Planning;

/// <summary>Keeps API credits for notifications: the most expensive reading is postponed first. The first read is never
/// postponed.</summary>
internal static class CreditPlan
{
    // The price of a catch-up that finds little. A catch-up that finds much becomes a bulk read.
    private const int CatchUpCost = 10;

    public static bool AllowsCatchUp(SyncState state) => Allows(state.Credits, CatchUpCost);

    public static bool AllowsRead(SyncState state, BulkPurpose purpose) => purpose switch
    {
        BulkPurpose.InitialRead => true,
        BulkPurpose.CatchUp => Allows(state.Credits, ZohoLimits.BulkPageCredits),
        _ => Allows(state.Credits, ZohoLimits.BulkPageCredits * (state.LastFullRead?.Pages ?? 1)),
    };

    /// <summary>The reads that are due and wait for credits.</summary>
    public static IEnumerable<Postponed> Postponed(SyncState state, SchedulerOptions options, DateTimeOffset now)
    {
        if (state.IsPaused || state.LastGoodSync is null)
            yield break;

        if (state.CatchUps is { Current: null, TooLargeSince: null } && now >= CatchUpPlan.Due(state, options, now)
            && !AllowsCatchUp(state))
            yield return Planning.Postponed.CatchUp;
        if (state is { Run: null, CatchUps.TooLargeSince: not null } && !AllowsRead(state, BulkPurpose.CatchUp))
            yield return Planning.Postponed.BulkRead;
        if (state.Run is null && now >= BulkReadPlan.FullComparisonDue(state, options) && !AllowsRead(state, BulkPurpose.FullComparison))
            yield return Planning.Postponed.FullComparison;
    }

    /// <summary>The remaining credits, by LeadSync's count or by Zoho's, whichever is less; null when neither has a limit.</summary>
    public static long? Left(CreditsCounted? credits)
    {
        var left = credits?.Budget - credits?.Used;
        return credits?.Remaining is { } remaining && !(remaining > left) ? remaining : left;
    }

    private static bool Allows(CreditsCounted? credits, int cost) => !(Left(credits) - cost < credits?.Reserve);
}

/// <summary>Readings that wait for API credits.</summary>
internal enum Postponed
{
    CatchUp,

    /// <summary>A bulk read that takes a catch-up's place.</summary>
    BulkRead,

    FullComparison,
}
