using System.Collections.Concurrent;
using System.Diagnostics;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.TestSupport;

namespace LeadSync.DevStack.TestRun;

/// <summary>
/// One run of the test suite. While the projects build, the run installs and starts what the tests need. Then two projects run at a time:
/// one that computes, and one that mostly waits.
/// </summary>
/// <param name="say">Gets what happens, a line at a time.</param>
internal sealed class TestSession(TestOptions options, RunDirectory run, Action<string> say)
{
    private const int Slowest = 10;

    // The build of this program belongs to the run.
    private readonly long started = Stopwatch.GetTimestamp() - (TestBuild.OfLauncher.Ticks * Stopwatch.Frequency / TimeSpan.TicksPerSecond);
    private readonly ConcurrentQueue<ProjectResult> results = new();
    private readonly List<TestProject> projects = [.. TestProject.All(options.All)];
    private TimeSpan build = TestBuild.OfLauncher;

    /// <returns>Whether everything passed.</returns>
    public static async Task<bool> RunAsync(TestOptions options, Action<string> say, CancellationToken cancellationToken)
    {
        await using var run = await RunDirectory.BeginAsync("test");
        return await new TestSession(options, run, say).RunAsync(cancellationToken);
    }

    private async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var trouble = "";
        try
        {
            await using var servers = await PrepareAsync(cancellationToken);
            try
            {
                await RunProjectsAsync(servers, cancellationToken);
            }
            finally
            {
                await RunDirectory.EndKilledRunsAsync();
                if (servers is not null)
                    await servers.RemoveAllOfAsync(Isolation.PrefixOf(run));
            }
        }
        catch (Exception e) when (Commands.Sentence(e) is { } sentence)
        {
            trouble = sentence;
        }

        SayTimes();
        var unfinished = projects.Except(results.Select(result => result.Project)).Select(project => project.Name).ToList();
        var counts = results.Aggregate(TestCounts.None, (sum, result) => sum + result.Report.Counts);
        say(Conclusion(trouble, unfinished, At(), counts));
        return trouble.Length == 0 && unfinished.Count == 0 && counts.AreGreen;
    }

    /// <summary>The end of the output: what went wrong outside the tests, the projects that the sum leaves out, and the sum.</summary>
    internal static string Conclusion(string trouble, IReadOnlyList<string> unfinished, string took, TestCounts counts) =>
        (trouble.Length == 0 ? "" : $"\n{trouble}\n")
        + (unfinished.Count == 0 ? "" : $"\nNot run, or not to the end: {string.Join(", ", unfinished)}\n")
        + $"\n{took} in all\n\n{counts}";

    private async Task<LocalInfrastructure?> PrepareAsync(CancellationToken cancellationToken)
    {
        using var preparing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var building = TestBuild.RunAsync(options.All, run, preparing.Token);
        var starting = StartServersAsync(preparing.Token);
        var fetching = FetchToolsAsync(preparing.Token);
        try
        {
            await foreach (var task in Task.WhenEach(building, starting, fetching))
                await task;
            build += await building;
            say($"Built in {build.TotalSeconds:0} s");
            return await starting;
        }
        catch
        {
            await preparing.CancelAsync();
            await Task.WhenAll(building, starting, fetching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (starting.IsCompletedSuccessfully && await starting is { } servers)
                await servers.DisposeAsync();
            throw;
        }
    }

    private async Task<LocalInfrastructure?> StartServersAsync(CancellationToken cancellationToken)
    {
        // A chosen test may need no server. Otherwise it starts its own.
        if (options.ChooseTests)
            return null;

        var servers = await LocalInfrastructure.StartAsync(run, durable: false, say, cancellationToken);
        say(await servers.DescribeAsync(cancellationToken));
        return servers;
    }

    private async Task FetchToolsAsync(CancellationToken cancellationToken)
    {
        if (options.ChooseTests)
            return;

        await HelmBinary.PrepareAsync(say, cancellationToken);
        await Browser.FindAsync(say);
    }

    private async Task RunProjectsAsync(LocalInfrastructure? servers, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>(servers?.ToEnvironment() ?? new Dictionary<string, string>())
        {
            [Isolation.PrefixKey] = Isolation.PrefixOf(run),
            [TestForm.Key] = options.All ? TestForm.All : "",
        };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (cheap, waiting) = (Queue(isCheap: true), Queue(isCheap: false));
        await Task.WhenAll(RunLaneAsync(cheap, waiting), RunLaneAsync(waiting, cheap));
        cancellationToken.ThrowIfCancellationRequested();

        ConcurrentQueue<TestProject> Queue(bool isCheap) => new(projects.Where(project => project.IsCheap == isCheap));

        async Task RunLaneAsync(ConcurrentQueue<TestProject> own, ConcurrentQueue<TestProject> other)
        {
            while (!ending.IsCancellationRequested && (own.TryDequeue(out var project) || other.TryDequeue(out project)))
            {
                try
                {
                    var result = await project.RunAsync(options, environment, run, ending.Token);
                    results.Enqueue(result);
                    Tell(result);
                    if (project.IsCheap && result.Report.Counts.Failed > 0)
                        await ending.CancelAsync();
                }
                catch (OperationCanceledException) when (ending.IsCancellationRequested)
                {
                    say($"{At()}  {project.Name} was ended");
                }
            }
        }
    }

    private void Tell(ProjectResult result)
    {
        var (name, counts) = (result.Project.Name, result.Report.Counts);
        if (options.ChooseTests && counts == TestCounts.None)
            return;

        say($"{At()}  {name}: {counts}, in {result.Took.TotalSeconds:0} s");
        foreach (var failure in result.Report.Failures)
            say($"\n{name}: {failure}\n");
        if (options.ChooseTests)
            say(File.ReadAllText(result.Log));
        else if (counts.Failed > 0)
            say($"All that {name} printed is in {Path.GetRelativePath(Environment.CurrentDirectory, result.Log)}\n");
    }

    private void SayTimes()
    {
        if (results.IsEmpty)
            return;

        foreach (var want in results.SelectMany(result => result.Report.Wants).CountBy(want => want).OrderBy(want => want.Key))
            say($"\nSkipped on this machine ({want.Value}): {want.Key}");
        say("\nBy project:");
        say($"{build.TotalSeconds,6:0} s  the build");
        foreach (var result in results.OrderByDescending(result => result.Took))
            say($"{result.Took.TotalSeconds,6:0} s  {result.Project.Name}");
        say("\nThe slowest tests:");
        foreach (var time in results.SelectMany(result => result.Report.Times).OrderByDescending(time => time.Took).Take(Slowest))
            say($"{time.Took.TotalSeconds,6:0.0} s  {time.Test}");
    }

    private string At() => $"{Stopwatch.GetElapsedTime(started):m\\:ss}";
}
