using LeadSync.Benchmarks.Leads;
using LeadSync.Benchmarks.Pages;
using LeadSync.Benchmarks.Report;
using LeadSync.Benchmarks.Stack;
using LeadSync.Contracts;
using LeadSync.DevStack;

namespace LeadSync.Benchmarks.Rebuilds;

/// <summary>
/// A rebuild from all events, with comparison and swap, next to the single statement that folds the same events.
/// </summary>
internal static class RebuildBenchmark
{
    // PostgreSQL notes the time of the swap shortly before the commit.
    private static readonly TimeSpan AroundSwap = TimeSpan.FromMilliseconds(500);

    private static readonly string Names = string.Concat(LeadColumns.All.Select(column => $", {column.ApiName.ToLowerInvariant()}"));
    private static readonly string Values = string.Concat(LeadColumns.All.Select(column => $", r.\"{column.ApiName}\""));
    private static readonly string Types = string.Join(", ", LeadColumns.All.Select(column => $"\"{column.ApiName}\" {column.SqlType}"));

    // Takes the greatest content of each lead. The pages delete nothing.
    private static readonly string Fold = $"""
        insert into floor.leads (id, modified_time{Names})
        select substr(e.stream_id, 6), (e.data ->> 'ModifiedTime')::timestamptz{Values}
        from (
            select distinct on (stream_id) stream_id, data from projector.mt_events
            order by stream_id, (data ->> 'ModifiedTime')::timestamptz desc, (data ->> 'ObservedAt')::timestamptz desc, version desc
        ) e cross join lateral jsonb_to_record(e.data -> 'Fields') as r({Types})
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var stack = await BenchStack.StartAsync(bench.Infrastructure, bench.Run, cancellationToken);
        foreach (var page in new[] { new LeadPage(bench.Seed, 0, bench.Rows), new LeadPage(bench.Seed, 0, bench.Rows, 0.1) })
        {
            var files = await PageFiles.WriteAsync(bench, "rebuild", page, cancellationToken);
            await stack.ProjectAsync(files.Page, files.Zip, cancellationToken);
        }

        await stack.ExecuteAsync("analyze", cancellationToken);
        var (floor, rebuild) = (new List<TimeSpan>(), new List<TimeSpan>());
        var (undisturbed, atSwap) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var repeat = 0; repeat < bench.Repeats; repeat++)
        {
            await new PageFloor(stack.Database).CreateAsync(cancellationToken);
            await stack.SettleAsync(cancellationToken);
            undisturbed = Longer(undisturbed, await PatientReader.LongestWaitAsync(stack.Postgres, async () =>
            {
                floor.Add(await TimeAsync(() => stack.ExecuteAsync(Fold, cancellationToken)));
                return (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
            }, cancellationToken));

            await stack.SettleAsync(cancellationToken);
            atSwap = Longer(atSwap, await PatientReader.LongestWaitAsync(stack.Postgres, async () =>
            {
                var swappedAt = DateTimeOffset.MinValue;
                rebuild.Add(await TimeAsync(async () => swappedAt = await RebuildAsync(stack, bench.Rows, cancellationToken)));
                return (swappedAt - AroundSwap, swappedAt + AroundSwap);
            }, cancellationToken));
            Bench.Say($"rebuild, round {repeat + 1}: {rebuild[^1].TotalSeconds:0.0} s (floor {floor[^1].TotalSeconds:0.0} s); "
                + $"a reader has waited {atSwap.TotalMilliseconds:0.0} ms at most at the swap "
                + $"({undisturbed.TotalMilliseconds:0.0} ms beside the floor)");
        }

        var events = (int)await stack.ValueAsync<long>("select count(*) from projector.mt_events", cancellationToken);
        return
        [
            Figure.Time(
                "rebuild from all events, compared and exchanged", Figure.Median(floor), Figure.Median(rebuild), must: 1.5, aim: 0.7)
                with { Items = events },
            new(
                "longest wait of a reader at the swap", "ms", undisturbed.TotalMilliseconds, atSwap.TotalMilliseconds, Must: 50,
                Aim: 50) { IsAbsolute = true },
        ];
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static async Task<TimeSpan> TimeAsync(Func<Task> step)
    {
        var started = Stopwatch.GetTimestamp();
        await step();
        return Stopwatch.GetElapsedTime(started);
    }

    /// <returns>The time of the swap.</returns>
    private static async Task<DateTimeOffset> RebuildAsync(BenchStack stack, int rows, CancellationToken cancellationToken)
    {
        var order = new RebuildView(Guid.NewGuid());
        await stack.Surroundings.Bus.Publish(order, cancellationToken);
        var answer = await stack.Surroundings.Announcements.Of($"{order.RebuildId}").WaitAsync(TimeSpan.FromMinutes(10), cancellationToken);
        if (answer is not ViewRebuilt rebuilt || rebuilt.Rows != rows || rebuilt.Differences != 0)
            throw new DevStackException($"The rebuild did not give the view of before: {answer}");
        return rebuilt.SwappedAt!.Value;
    }
}
