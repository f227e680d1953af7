namespace LeadSync.Projector.FullComparisons;

/// <summary>
/// Whether so many leads are missing that it looks like a mistake: the user no longer sees them, or Zoho cut the export off. Zoho would
/// confirm each of them as gone, so the guard decides before Zoho is asked.
/// </summary>
internal static class RemovalGuard
{
    // In a small org a few deletions are a large share.
    private const int NeverTooMany = 10;

    /// <param name="living">Living leads in the view.</param>
    /// <param name="missing">How many of them the full comparison did not find in Zoho.</param>
    /// <param name="maximumShare">From 0 to 1.</param>
    public static bool HoldsBack(int living, int missing, double maximumShare) => missing > NeverTooMany && missing > living * maximumShare;
}
