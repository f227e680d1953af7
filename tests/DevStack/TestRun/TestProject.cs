using System.Diagnostics;
using System.Xml.Linq;
using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.TestRun;

/// <summary>A project below <c>tests/</c> that has tests.</summary>
internal sealed record TestProject(string Name)
{
    public static IEnumerable<TestProject> All() =>
        from project in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.csproj", SearchOption.AllDirectories)
        where XDocument.Load(project).Descendants("PackageReference").Any(reference => reference.Attribute("Include")?.Value == "xunit.v3")
        orderby project
        select new TestProject(Path.GetFileNameWithoutExtension(project));

    /// <summary>Runs the project's tests; what they print goes to the console.</summary>
    /// <param name="options">Options of the test program, for instance a filter.</param>
    /// <param name="environment">Where PostgreSQL and RabbitMQ are.</param>
    public async Task<TestCounts> RunAsync(
        IEnumerable<string> options, IReadOnlyDictionary<string, string> environment, RunDirectory run, CancellationToken cancellationToken)
    {
        var report = Path.Combine(run.Logs, $"{Name}.xml");
        var command = new ProcessStartInfo(
            "dotnet",
            [Repository.Assembly(Name), "--results-directory", run.Logs, "--report-xunit-xml", "--report-xunit-xml-filename", $"{Name}.xml", .. options]);
        foreach (var (key, value) in environment)
            command.Environment[key] = value;

        await using var host = ChildProcess.StartOnConsole(Name, command, run, Signal.Interrupt);
        var exitCode = await host.WaitForExitAsync(cancellationToken);
        return TestCounts.Read(report, exitCode);
    }
}
