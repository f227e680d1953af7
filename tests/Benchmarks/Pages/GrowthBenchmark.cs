using LeadSync.Benchmarks.Leads;
using LeadSync.Benchmarks.Report;
using LeadSync.Benchmarks.Stack;

namespace LeadSync.Benchmarks.Pages;

/// <summary>Compares the tenth page of leads with the first: the time for one lead must not grow with the view.</summary>
internal static class GrowthBenchmark
{
    private const int Pages = 10;
    private const int WarmUpFirst = 50_000_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var stack = await BenchStack.StartAsync(bench.Infrastructure, bench.Run, cancellationToken);
        var warmUp = await PageFiles.WriteAsync(bench, "warm-up", new LeadPage(bench.Seed, WarmUpFirst, 2_000), cancellationToken);
        await stack.ProjectAsync(warmUp.Page, warmUp.Zip, cancellationToken);
        var times = new List<TimeSpan>();
        foreach (var number in Enumerable.Range(0, Pages))
        {
            var page = await PageFiles.WriteAsync(
                bench, "growth", new LeadPage(bench.Seed, number * bench.Rows, bench.Rows), cancellationToken);
            await stack.SettleAsync(cancellationToken);
            times.Add((await stack.ProjectAsync(page.Page, page.Zip, cancellationToken)).Took);
            Bench.Say($"growth, page {number + 1}: {times[^1].TotalSeconds:0.0} s");
        }

        // The time of one page varies too much, so three count.
        var (few, many) = (Figure.Median(times.Take(3)), Figure.Median(times.TakeLast(3)));
        return
        [
            Figure.Time(
                $"growth: a page of {bench.Rows:N0} leads beside {(Pages - 2) * bench.Rows:N0} others", few, many, must: 1.2, aim: 1)
                with { Items = bench.Rows }
        ];
    }
}
