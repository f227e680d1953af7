using System.CommandLine;
using System.Diagnostics;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.TestRun;

/// <summary><c>./leadsync test</c>: every test project, one after the other, on one PostgreSQL and one RabbitMQ.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var command = new Command("test", "Run the whole test suite on a PostgreSQL and a RabbitMQ of its own. Arguments go to the test programs: --filter merge")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.UnmatchedTokens, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        var counts = TestCounts.None;
        await using (var run = await RunDirectory.BeginAsync("test"))
        {
            var started = Stopwatch.GetTimestamp();
            await using var infrastructure = await LocalInfrastructure.StartAsync(run, durable: false, Console.WriteLine, cancellationToken);
            Console.WriteLine($"PostgreSQL {infrastructure.Postgres.Origin}, RabbitMQ {infrastructure.RabbitMq.Origin} ({Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s)");

            foreach (var project in TestProject.All())
            {
                Console.WriteLine($"\n{project.Name}");
                counts += await project.RunAsync(options, infrastructure.ToEnvironment(), run, cancellationToken);
                await RunDirectory.EndKilledRunsAsync();
            }
        }

        Console.WriteLine($"\n{counts}");
        return counts.AreGreen ? 0 : 1;
    }
}
