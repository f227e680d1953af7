using System.CommandLine;

namespace LeadSync.DevStack.TestRun;

/// <summary><c>./leadsync test</c>.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var all = new Option<bool>("--all")
        {
            Description = "the long form: every kind of fault, every kill, many more schedules; the benchmarks have to compile as well",
        };
        var command = new Command(
            "test", "Build, and run the test suite on a PostgreSQL and a RabbitMQ of its own. Other options go to the test programs: "
                + "--filter-class '*LeadTests'")
        {
            all,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellationToken) =>
            await TestSession.RunAsync(new TestOptions(parsed.GetValue(all), parsed.UnmatchedTokens), Console.WriteLine, cancellationToken)
                ? 0
                : 1);
        return command;
    }
}

/// <param name="All">Whether to run the long form of the tests.</param>
/// <param name="Passed">Options of the test programs, for instance a filter.</param>
internal sealed record TestOptions(bool All, IReadOnlyList<string> Passed)
{
    /// <summary>Whether a project may have no matching test.</summary>
    public bool ChooseTests => Passed.Count > 0;
}
