using System.Globalization;
using LeadSync.Benchmarks.Leads;
using LeadSync.Benchmarks.Pages;
using LeadSync.Benchmarks.Report;
using LeadSync.Benchmarks.Stack;
using LeadSync.DevStack.Services;

namespace LeadSync.Benchmarks.Processes;

/// <summary>The peak memory of projector and gateway while they process pages, the first time and again.</summary>
internal static class MemoryBenchmark
{
    private const int Pages = 4;

    public static async Task<IReadOnlyList<Figure>> RunAsync(Bench bench, CancellationToken cancellationToken)
    {
        await using var stack = await BenchStack.StartAsync(bench.Infrastructure, bench.Run, cancellationToken);
        var idle = (Projector: Peak(stack.Services.Projector), Gateway: Peak(stack.Services.Gateway));
        foreach (var number in Enumerable.Range(0, Pages))
        {
            var page = await PageFiles.WriteAsync(
                bench, $"memory-{number}", new LeadPage(bench.Seed, number * bench.Rows, bench.Rows), cancellationToken);
            await stack.ProjectAsync(page.Page, page.Zip, cancellationToken);
            await stack.ProjectAsync(page.Page, page.Zip, cancellationToken);
            Bench.Say(
                $"memory after {number + 1} pages: projector {Peak(stack.Services.Projector):0} MiB, gateway "
                    + $"{Peak(stack.Services.Gateway):0} MiB");
        }

        return
        [
            Of($"memory of the projector, peak over {Pages} pages", idle.Projector, Peak(stack.Services.Projector), must: 250),
            Of("memory of the gateway, peak while streaming", idle.Gateway, Peak(stack.Services.Gateway), must: 150),
        ];
    }

    private static Figure Of(string name, double idle, double peak, double must) =>
        new(name, "MiB", idle, peak, must, idle + 50) { IsAbsolute = true };

    // Linux: VmHWM, the highest resident set since the process began, in kB.
    private static double Peak(ServiceProcess service)
    {
        var line = File.ReadLines($"/proc/{service.ProcessId}/status").Single(line => line.StartsWith("VmHWM", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024.0;
    }
}
