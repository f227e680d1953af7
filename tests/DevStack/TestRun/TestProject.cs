using System.Diagnostics;
using System.Xml.Linq;
using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.TestRun;

/// <summary>A project below <c>tests/</c> with tests.</summary>
/// <param name="Name">The project's name, or that of a namespace whose tests run beside the project's others.</param>
/// <param name="IsCheap">Whether its tests only compute, and take seconds. They run first, and a failure among them ends the run.</param>
/// <param name="Filter">Options of the test program that choose the tests.</param>
internal sealed record TestProject(string Name, bool IsCheap, string Project, params IReadOnlyList<string> Filter)
{
    private const string Integration = "IntegrationTests";

    // The longest part of the long form. Its tests mostly wait for three syncs that only they use.
    private const string Dials = $"{Integration}.Dials";

    // Projects that mostly wait for processes and servers, the longest first.
    private static readonly string[] Waiting = [Integration, Dials, "Chaos.Tests"];

    // Projects that fail most often come first. A project that no list names belongs to this list, and comes last.
    private static readonly string[] Cheap = ["UnitTests", "DevStack.Tests", "ZohoSimulator.Tests", "ChartTests", "Simulation.Tests"];

    /// <summary>All projects, in the order in which they run.</summary>
    /// <param name="isLong">Whether the long form of the tests runs.</param>
    public static IEnumerable<TestProject> All(bool isLong) =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.csproj", SearchOption.AllDirectories)
        where XDocument.Load(file).Descendants("PackageReference").Any(reference => reference.Attribute("Include")?.Value == "xunit.v3")
        from project in Parts(Path.GetFileNameWithoutExtension(file), isLong)
        orderby Place(Cheap, project.Name), Place(Waiting, project.Name), project.Name
        select project;

    private static TestProject[] Parts(string name, bool isLong) => isLong && name == Integration
        ?
        [
            new(name, IsCheap: false, name, "--filter-not-namespace", $"LeadSync.{Dials}"),
            new(Dials, IsCheap: false, name, "--filter-namespace", $"LeadSync.{Dials}"),
        ]
        : [new(name, !Waiting.Contains(name), name)];

    // Several times the longest time of a project in the long form, on the slowest known machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(45);

    /// <summary>Runs the project's tests. Kills tests that hang; they count as a failure, and the log names them.</summary>
    /// <param name="environment">Environment variables of the test program: the servers' addresses, and the form of the tests.</param>
    public async Task<ProjectResult> RunAsync(
        TestOptions options, IReadOnlyDictionary<string, string> environment, RunDirectory run, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var report = Path.Combine(run.Logs, $"{Name}.xml");
        var command = new ProcessStartInfo(
            "dotnet",
            [
                Repository.Assembly(Project), "--progress", "off", "--output", "Detailed", "--show-stdout", "Failed", "--results-directory",
                run.Logs, "--long-running", "180", "--xunit-diagnostics", "on",
                "--report-xunit-xml", "--report-xunit-xml-filename", Path.GetFileName(report), .. Filter, .. options.Passed,
            ]);
        foreach (var (key, value) in environment)
            command.Environment[key] = value;

        // The run removes what interrupted tests leave.
        await using var program = ChildProcess.Start(Name, command, run, Signal.Kill);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        int? exitCode = null;
        try
        {
            exitCode = await program.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await program.KillAsync();
        }

        return new ProjectResult(
            this,
            TestReport.Read(File.Exists(report) ? XDocument.Load(report) : null, exitCode, options.ChooseTests),
            Stopwatch.GetElapsedTime(started),
            program.LogFile);
    }

    private static int Place(string[] names, string name) => Array.IndexOf(names, name) is >= 0 and var place ? place : names.Length;
}

/// <param name="Log">The file with the output of the tests.</param>
internal sealed record ProjectResult(TestProject Project, TestReport Report, TimeSpan Took, string Log);
