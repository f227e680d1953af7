using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Tests.Processes;

public sealed class RunDirectoryTests
{
    [Fact]
    public async Task a_run_beside_another_of_its_kind_leaves_the_logs_of_the_other()
    {
        const string kind = "run-directory-tests";
        string[] logs;
        await using (var first = await RunDirectory.BeginAsync(kind))
        {
            var log = Path.Combine(first.Logs, "gateway.log");
            await File.WriteAllTextAsync(log, "still written", TestContext.Current.CancellationToken);

            await using var second = await RunDirectory.BeginAsync(kind);

            File.Exists(log).ShouldBeTrue();
            Directory.Exists(second.Logs).ShouldBeTrue();
            logs = [first.Logs, second.Logs];
            logs.Distinct().Count().ShouldBe(2);
        }

        await using (var next = await RunDirectory.BeginAsync(kind))
            next.Logs.ShouldBe(logs[0], "nobody uses it any more");

        foreach (var directory in logs)
            Directory.Delete(directory, recursive: true);
        File.Delete($"{logs[0]}.lock");
    }
}
