using LeadSync.Benchmarks.Leads;
using LeadSync.Benchmarks.Report;
using LeadSync.Benchmarks.Stack;
using LeadSync.DevStack;

namespace LeadSync.Benchmarks.Pages;

/// <summary>
/// A page of 200,000 leads and 40 columns, from <c>BulkPageReady</c> to committed events and visible rows:
/// first, again unchanged, again with a tenth changed.
/// </summary>
internal static class PageBenchmark
{
    private const int WarmUpFirst = 50_000_000;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        var page = await PageFiles.WriteAsync(bench, "page", new LeadPage(bench.Seed, 0, bench.Rows), cancellationToken);
        var changed = await PageFiles.WriteAsync(bench, "changed", new LeadPage(bench.Seed, 0, bench.Rows, 0.1), cancellationToken);
        var warmUp = await PageFiles.WriteAsync(bench, "warm-up", new LeadPage(bench.Seed, WarmUpFirst, 2_000), cancellationToken);
        var rounds = new List<Round>();
        for (var repeat = 1; repeat <= bench.Repeats; repeat++)
        {
            rounds.Add(await RoundAsync(bench, page, changed, warmUp, cancellationToken));
            Bench.Say($"page, round {repeat}: {rounds[^1]}");
        }

        var unchanged = Median(rounds, round => round.Unchanged);
        var first = Median(rounds, round => round.First);
        var rows = bench.Rows;
        return
        [
            Figure.Time($"page of {rows:N0} leads, first load", Median(rounds, round => round.FloorFirst), first, must: 5, aim: 3)
                with { Items = rows },
            Figure.Time("page again, nothing changed", Median(rounds, round => round.FloorUnchanged), unchanged, must: 2, aim: 1.3)
                with { Items = rows },
            Figure.Time("page again, 10 % changed", unchanged + (first * 0.1), Median(rounds, round => round.Changed), must: 1.5, aim: 1.1)
                with { Items = rows },
        ];
    }

    private static async Task<Round> RoundAsync(
        Bench bench, PageFiles page, PageFiles changed, PageFiles warmUp, CancellationToken cancellationToken)
    {
        await using var stack = await BenchStack.StartAsync(bench.Infrastructure, bench.Run, cancellationToken);
        await stack.ProjectAsync(warmUp.Page, warmUp.Zip, cancellationToken);
        var floor = new PageFloor(stack.Database);
        await floor.CreateAsync(cancellationToken);

        var floorFirst = await floor.LoadAsync(page.Csv, cancellationToken);
        var first = await ProjectAsync(stack, page, page.Page.Rows, cancellationToken);
        var floorUnchanged = await floor.CompareAsync(page.Csv, cancellationToken);
        var unchanged = await ProjectAsync(stack, page, 0, cancellationToken);
        var tenth = await ProjectAsync(stack, changed, changed.Page.Changed, cancellationToken);
        await CheckAsync(stack, page, changed, warmUp, cancellationToken);
        return new Round(floorFirst, first, floorUnchanged, unchanged, tenth);
    }

    private static async Task<TimeSpan> ProjectAsync(BenchStack stack, PageFiles page, int expected, CancellationToken cancellationToken)
    {
        await stack.SettleAsync(cancellationToken);
        var (took, outcome) = await stack.ProjectAsync(page.Page, page.Zip, cancellationToken);
        return outcome.Applied == expected && outcome.Parked == 0
            ? took
            : throw new DevStackException($"{expected} rows of the page should be events, but: {outcome}");
    }

    private static async Task CheckAsync(
        BenchStack stack, PageFiles page, PageFiles changed, PageFiles warmUp, CancellationToken cancellationToken)
    {
        var rows = await stack.ValueAsync<long>("select count(*) from legacy.leads", cancellationToken);
        var events = await stack.ValueAsync<long>("select count(*) from projector.mt_events", cancellationToken);
        if (rows != page.Page.Rows + warmUp.Page.Rows || events != rows + changed.Page.Changed)
            throw new DevStackException($"The view has {rows} rows and the store {events} events, which is not what the pages held.");
    }

    private static TimeSpan Median(IEnumerable<Round> rounds, Func<Round, TimeSpan> of) => Figure.Median(rounds.Select(of));

    private sealed record Round(TimeSpan FloorFirst, TimeSpan First, TimeSpan FloorUnchanged, TimeSpan Unchanged, TimeSpan Changed)
    {
        public override string ToString() =>
            $"first {First.TotalSeconds:0.0} s (floor {FloorFirst.TotalSeconds:0.0} s), unchanged {Unchanged.TotalSeconds:0.0} s (floor "
                + $"{FloorUnchanged.TotalSeconds:0.0} s), 10 % changed {Changed.TotalSeconds:0.0} s";
    }
}
