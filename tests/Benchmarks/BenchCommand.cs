using System.CommandLine;
using LeadSync.Benchmarks.Live;
using LeadSync.Benchmarks.Pages;
using LeadSync.Benchmarks.Processes;
using LeadSync.Benchmarks.Rebuilds;
using LeadSync.Benchmarks.Report;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;

namespace LeadSync.Benchmarks;

/// <summary><c>./leadsync bench</c>: the services' speed and size, each next to the fastest result that this machine could give.</summary>
internal static class BenchCommand
{
    private static readonly Dictionary<string, Func<Bench, CancellationToken, Task<IReadOnlyList<Figure>>>> Benchmarks = new()
    {
        ["page"] = PageBenchmark.RunAsync,
        ["live"] = LiveBenchmark.RunAsync,
        ["rebuild"] = RebuildBenchmark.RunAsync,
        ["memory"] = MemoryBenchmark.RunAsync,
        ["growth"] = GrowthBenchmark.RunAsync,
        ["start"] = StartBenchmark.RunAsync,
    };

    public static Command Create()
    {
        var rows = new Option<int>("--rows") { Description = "leads in a page", DefaultValueFactory = _ => 200_000 };
        var repeats = new Option<int>("--repeat")
        {
            Description = "how often each is measured; the median counts", DefaultValueFactory = _ => 3
        };
        var seconds = new Option<int>("--seconds")
        {
            Description = "how long changes are announced for each live figure", DefaultValueFactory = _ => 60
        };
        var seed = new Option<int>("--seed") { Description = "what the leads are made from", DefaultValueFactory = _ => 20260815 };
        var only = new Option<string?>("--only")
        {
            Description = $"a comma list of {string.Join(", ", Benchmarks.Keys)}; all but growth when left out"
        };
        var json = new Option<FileInfo?>("--json") { Description = "where to write the figures as JSON" };
        var report = new Option<FileInfo?>("--report") { Description = "where to write them as Markdown; the plot goes next to it" };
        only.Validators.Add(result =>
        {
            foreach (var name in Names(result.GetValueOrDefault<string?>()).Where(name => !Benchmarks.ContainsKey(name)))
                result.AddError($"--only knows no {name}: it takes {string.Join(", ", Benchmarks.Keys)}.");
        });

        var command = new Command(
            "bench", "Measure speed and size, each next to the best that this machine could give; fail when a limit is missed.")
        {
            rows, repeats, seconds, seed, only, json, report,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            (infrastructure, run) => new Bench(
                infrastructure, run, parsed.GetValue(rows), parsed.GetValue(repeats), TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                parsed.GetValue(seed)),
            Names(parsed.GetValue(only)), parsed.GetValue(json), parsed.GetValue(report), cancellationToken));
        return command;
    }

    private static string[] Names(string? only) => only?.Split(',') ?? [.. Benchmarks.Keys.Where(name => name != "growth")];

    private static async Task<int> RunAsync(
        Func<LocalInfrastructure, RunDirectory, Bench> create, string[] names, FileInfo? json, FileInfo? report,
        CancellationToken cancellationToken)
    {
        // Fails at once, not after all measurements.
        foreach (var file in new[] { json, report }.OfType<FileInfo>())
            file.Directory!.Create();

        await using var run = await RunDirectory.BeginAsync("bench");
        await using var infrastructure = await LocalInfrastructure.StartAsync(run, durable: true, Console.WriteLine, cancellationToken);
        var bench = create(infrastructure, run);
        var figures = new List<Figure>();
        foreach (var name in names)
            figures.AddRange(await Benchmarks[name](bench, cancellationToken));

        var machine = await Machine.DescribeAsync(infrastructure.Postgres.ConnectionString, cancellationToken);
        FigureTable.Print(figures, machine);
        if (json is not null)
            await Written.JsonAsync(figures, machine, json, cancellationToken);
        if (report is not null)
            await Written.MarkdownAsync(figures, machine, report, cancellationToken);
        return figures.All(figure => figure.IsMet) ? 0 : 1;
    }
}
