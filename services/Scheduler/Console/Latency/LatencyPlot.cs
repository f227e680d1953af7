using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.Scheduler.Console.Latency;

/// <summary>Freshness, and the latency of the stages of a change, over a stretch of time.</summary>
/// <param name="StepSeconds">The time that a point stands for.</param>
internal sealed record LatencyPlot(DateTimeOffset From, DateTimeOffset To, double StepSeconds, IReadOnlyList<LatencyPlot.Point> Points)
{
    private static readonly TimeSpan Bucket = TimeSpan.FromSeconds(10);

    /// <param name="behind">How far the view was behind Zoho.</param>
    public static LatencyPlot Of(
        IReadOnlyList<LatencyBucket> buckets, IReadOnlyList<(DateTimeOffset At, double Seconds)> behind, DateTimeOffset from,
            DateTimeOffset to, int mostPoints)
    {
        var step = TimeSpan.FromTicks(
            Math.Max(Bucket.Ticks, (((to - from) / mostPoints).Ticks + Bucket.Ticks - 1) / Bucket.Ticks * Bucket.Ticks));
        var points = new List<Point>();

        // Whole steps, so that a point keeps its place while time passes.
        var start = new DateTimeOffset(from.UtcTicks / step.Ticks * step.Ticks, TimeSpan.Zero);
        var changes = buckets.ToLookup(bucket => Step(bucket.At));
        var seconds = behind.ToLookup(one => Step(one.At), one => one.Seconds);
        for (var at = start; at < to; at += step)
            points.Add(Point.Of(at + step < to ? at + step : to, [.. changes[Step(at)]], seconds[Step(at)]));
        return new(start, to, step.TotalSeconds, points);

        long Step(DateTimeOffset at) => at.UtcTicks / step.Ticks;
    }

    /// <param name="At">The point's end.</param>
    /// <param name="Freshness">The most seconds by which the view was behind Zoho; null when nobody looked.</param>
    /// <param name="Received">From Zoho's modified time to the notification.</param>
    /// <param name="Published">From the notification until the gateway had read and published the lead.</param>
    /// <param name="Folded">From there to the view.</param>
    /// <param name="Total">The sum.</param>
    internal sealed record Point(
        DateTimeOffset At, int Changes, double? Freshness, Quantiles? Received, Quantiles? Published, Quantiles? Folded, Quantiles? Total)
    {
        public static Point Of(DateTimeOffset at, IReadOnlyList<LatencyBucket> within, IEnumerable<double> behind) => new(
            at,
            within.Sum(bucket => bucket.Changes),
            behind.Cast<double?>().Max(),
            Quantiles.Of(within, 0), Quantiles.Of(within, 1), Quantiles.Of(within, 2), Quantiles.Of(within, 3));
    }

    /// <summary>In seconds: the median, and the 95th percentile.</summary>
    internal sealed record Quantiles(double P50, double P95)
    {
        public static Quantiles? Of(IReadOnlyList<LatencyBucket> within, int stage)
        {
            var counts = new int[DurationHistogram.Bins];
            foreach (var bins in within.Select(bucket => bucket.Stages[stage]))
            {
                for (var bin = 0; bin < Math.Min(counts.Length, bins.Length); bin++)
                    counts[bin] += bins[bin];
            }

            return DurationHistogram.Quantile(counts, 0.5) is { } half && DurationHistogram.Quantile(counts, 0.95) is { } most
                ? new(Math.Round(half.TotalSeconds, 4), Math.Round(most.TotalSeconds, 4))
                : null;
        }
    }
}
