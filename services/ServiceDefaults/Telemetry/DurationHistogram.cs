namespace LeadSync.ServiceDefaults.Telemetry;

/// <summary>
/// Counts durations in bins that grow by the square root of two, from a millisecond to over an hour. Counts of several replicas and of
/// adjacent spans of time can be added; quantiles cannot.
/// </summary>
public static class DurationHistogram
{
    /// <summary>How many bins there are; the last one takes everything that is longer.</summary>
    public const int Bins = 46;

    /// <summary>The bin of a duration. A negative duration, which clocks that differ produce, counts as zero.</summary>
    public static int Bin(TimeSpan duration) =>
        duration.TotalMilliseconds <= 1 ? 0 : Math.Min((int)Math.Ceiling(2 * Math.Log2(duration.TotalMilliseconds)), Bins - 1);

    /// <summary>The duration that a share of what was counted does not exceed; null when nothing was counted.</summary>
    /// <param name="counts">One count per bin.</param>
    /// <param name="share">Between 0 and 1, for instance 0.95.</param>
    public static TimeSpan? Quantile(IReadOnlyList<int> counts, double share)
    {
        var wanted = counts.Sum(count => (double)count) * share;
        if (wanted <= 0)
            return null;

        var bin = 0;
        while (bin < counts.Count - 1 && wanted > counts[bin])
            wanted -= counts[bin++];

        var (from, to) = (bin == 0 ? 0 : Bound(bin - 1), Bound(bin));
        return TimeSpan.FromMilliseconds(from + ((to - from) * Math.Min(wanted / Math.Max(counts[bin], 1), 1)));
    }

    private static double Bound(int bin) => Math.Pow(2, bin / 2.0);
}
