using System.Globalization;
using System.Xml.Linq;
using LeadSync.TestSupport;

namespace LeadSync.DevStack.TestRun;

/// <summary>The result of one project's tests.</summary>
/// <param name="Times">How long each test took.</param>
/// <param name="Failures">A text for each failure, with its reason.</param>
/// <param name="Wants">What this machine lacks, once for each test that was skipped for it.</param>
internal sealed record TestReport(
    TestCounts Counts, IReadOnlyList<TestTime> Times, IReadOnlyList<string> Failures, IReadOnlyList<string> Wants)
{
    private const int AllPassed = 0;
    private const int SomeFailed = 2;
    private const int NoneFound = 8;

    /// <summary>
    /// Reads xunit's report. A test program that crashed or ran no test counts as a failure, whatever it reported before.
    /// </summary>
    /// <param name="report">Null when the program wrote no report.</param>
    /// <param name="exitCode">The program's exit code; null when it did not end in time.</param>
    /// <param name="mayRunNone">Whether the run has a filter, so that this project may have no matching test.</param>
    public static TestReport Read(XDocument? report, int? exitCode, bool mayRunNone)
    {
        var tests = report?.Descendants("test").ToList() ?? [];
        var counts = report is null ? TestCounts.None : Sum(report);
        List<string> failures = [.. report?.Descendants("failure").Select(Text) ?? []];
        var problem = exitCode switch
        {
            AllPassed or NoneFound when mayRunNone => null,
            AllPassed or NoneFound when counts.Passed + counts.Failed == 0 => "It ran no test.",
            AllPassed or SomeFailed when report is not null => null,
            null => "It did not end in time, and was ended; the end of its log names the tests that took long.",
            _ => $"It ended with exit code {exitCode}; its log says more.",
        };
        if (problem is not null)
        {
            failures.Add(problem);
            counts = counts with { Failed = Math.Max(1, counts.Failed) };
        }

        var wants = tests.Elements("reason").Select(reason => reason.Value).Where(reason => reason != TestForm.OnlyLong);
        return new(counts, [.. tests.Select(Time)], failures, [.. wants]);
    }

    private static TestCounts Sum(XDocument report)
    {
        var assemblies = report.Descendants("assembly").ToList();
        return new(Total("passed"), Total("failed") + Total("errors"), Total("skipped"));

        int Total(string name) => assemblies.Sum(assembly => int.Parse(assembly.Attribute(name)!.Value, CultureInfo.InvariantCulture));
    }

    private static TestTime Time(XElement test) =>
        new(test.Attribute("name")!.Value, TimeSpan.FromSeconds(double.Parse(test.Attribute("time")!.Value, CultureInfo.InvariantCulture)));

    // The name of a test, or of a fixture's clean-up.
    private static string Text(XElement failure)
    {
        string?[] parts =
        [
            failure.Parent!.Attribute("name")?.Value, failure.Element("message")?.Value, failure.Element("stack-trace")?.Value,
            failure.Parent.Element("output")?.Value
        ];
        return string.Join('\n', parts.Where(part => !string.IsNullOrWhiteSpace(part)));
    }
}

/// <param name="Test">The test's full name.</param>
internal sealed record TestTime(string Test, TimeSpan Took);
