using CsCheck;
using LeadSync.Scheduler.Console.Latency;
using LeadSync.ServiceDefaults.Telemetry;

namespace LeadSync.UnitTests.Scheduler.Console.Latency;

public sealed class LatencyPlotTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void freshness_is_how_far_the_view_is_behind_and_not_how_long_nothing_changed()
    {
        LatencyBucket[] buckets = [Bucket(30, total: 1)];

        var plot = LatencyPlot.Of(buckets, [(Start, 0), (Start.AddSeconds(10), 0), (Start.AddSeconds(30), 12)], Start, Start.AddSeconds(60),
            120);

        plot.Points.Select(point => point.Freshness).ShouldBe([0, 0, null, 12, null, null]);
        plot.Points.Select(point => point.Changes).ShouldBe([0, 0, 0, 1, 0, 0]);
        plot.Points.Count(point => point.Total is not null).ShouldBe(1);
    }

    [Fact]
    public void long_stretches_have_as_many_points_as_short_ones()
    {
        var plot = LatencyPlot.Of([], [], Start, Start.AddHours(24), 120);

        plot.StepSeconds.ShouldBe(720);
        plot.Points.Count.ShouldBe(120);
    }

    [Fact]
    public void quantiles_of_the_counts_are_close_to_those_of_the_durations() =>
        Gen.Double[0.001, 3000].Array[20, 200].Sample(seconds =>
        {
            var counts = new int[DurationHistogram.Bins];
            foreach (var duration in seconds)
                counts[DurationHistogram.Bin(TimeSpan.FromSeconds(duration))]++;

            var exact = seconds.Order().ElementAt((int)Math.Ceiling(seconds.Length * 0.5) - 1);
            var estimated = DurationHistogram.Quantile(counts, 0.5)!.Value.TotalSeconds;
            (estimated / exact).ShouldBeInRange(0.7, 1.42);
        });

    [Fact]
    public void clocks_that_differ_count_as_no_time_and_hours_as_the_most()
    {
        DurationHistogram.Bin(TimeSpan.FromSeconds(-3)).ShouldBe(0);
        DurationHistogram.Bin(TimeSpan.FromDays(3)).ShouldBe(DurationHistogram.Bins - 1);
        DurationHistogram.Quantile(new int[DurationHistogram.Bins], 0.5).ShouldBeNull();
    }

    private static LatencyBucket Bucket(double at, double total)
    {
        var bins = new int[DurationHistogram.Bins];
        bins[DurationHistogram.Bin(TimeSpan.FromSeconds(total))]++;
        return new(Start.AddSeconds(at), 1, [bins, bins, bins, bins]);
    }
}
