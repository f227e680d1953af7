using LeadSync.Benchmarks.Floors;
using LeadSync.Benchmarks.Report;
using LeadSync.Benchmarks.Stack;
using LeadSync.DevStack.Services;

namespace LeadSync.Benchmarks.Processes;

/// <summary>From the start of a service's process to <c>/health/ready</c>, with an existing schema.</summary>
internal static class StartBenchmark
{
    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var stack = await BenchStack.StartAsync(bench.Infrastructure, bench.Run, cancellationToken);
        await stack.Services.Scheduler.StartAsync(cancellationToken);
        await using var empty = FloorHost.Create(FloorHost.Empty, bench.Run, new Dictionary<string, string>());
        var services = new[] { empty, stack.Services.Gateway, stack.Services.Projector, stack.Services.Scheduler };
        foreach (var service in services)
            await service.StopAsync();

        var took = services.ToDictionary(service => service, _ => new List<TimeSpan>());
        for (var repeat = 0; repeat < bench.Repeats; repeat++)
        {
            foreach (var service in services)
                took[service].Add(await StartAsync(service, cancellationToken));
        }

        var floor = Figure.Median(took[empty]);
        return
        [
            .. services.Skip(1).Select(service =>
                Figure.Time($"start of the {service.Name}", floor, Figure.Median(took[service]), must: 5, aim: 2))
        ];
    }

    private static async Task<TimeSpan> StartAsync(ServiceProcess service, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await service.StartAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(started);
        await service.StopAsync();
        return took;
    }
}
