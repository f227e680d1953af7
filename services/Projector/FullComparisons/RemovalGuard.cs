namespace LeadSync.Projector.FullComparisons;

/// <summary>
/// Whether so many leads are missing that it looks like a mistake: a user who no longer sees them, an export that was cut off. Zoho would confirm each
/// of them as gone, so this is asked before Zoho is.
/// </summary>
internal static class RemovalGuard
{
    // In a small org a few deletions are a large share.
    private const int NeverTooMany = 10;

    /// <param name="living">Living leads in the view.</param>
    /// <param name="missing">How many of them a complete read did not show.</param>
    /// <param name="maximumShare">From 0 to 1.</param>
    public static bool HoldsBack(int living, int missing, double maximumShare) => missing > NeverTooMany && missing > living * maximumShare;
}
