using System.Globalization;
using System.Xml.Linq;

namespace LeadSync.DevStack.TestRun;

internal sealed record TestCounts(int Passed, int Failed, int Skipped)
{
    private const int AllPassed = 0;
    private const int SomeFailed = 2;
    private const int NoneFound = 8;

    public static TestCounts None { get; } = new(0, 0, 0);

    /// <summary>Green is a run in which something passed and nothing failed.</summary>
    public bool AreGreen => Failed == 0 && Passed > 0;

    public static TestCounts operator +(TestCounts left, TestCounts right) =>
        new(left.Passed + right.Passed, left.Failed + right.Failed, left.Skipped + right.Skipped);

    /// <summary>Reads xunit's report. A test program that crashed, whatever it reported before, counts as a failure.</summary>
    /// <param name="report">The report's path; the file is missing when the program did not reach its end.</param>
    /// <param name="exitCode">How the program ended.</param>
    public static TestCounts Read(string report, int exitCode)
    {
        var counts = File.Exists(report) ? Sum(XDocument.Load(report)) : None;
        var reachedItsEnd = exitCode is AllPassed or SomeFailed or NoneFound;
        return counts.Failed == 0 && !reachedItsEnd ? counts with { Failed = 1 } : counts;
    }

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";

    private static TestCounts Sum(XDocument report)
    {
        var assemblies = report.Descendants("assembly").ToList();
        return new(Total("passed"), Total("failed") + Total("errors"), Total("skipped"));

        int Total(string name) => assemblies.Sum(assembly => int.Parse(assembly.Attribute(name)!.Value, CultureInfo.InvariantCulture));
    }
}
