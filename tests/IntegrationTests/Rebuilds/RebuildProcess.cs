using System.Diagnostics;
using LeadSync.DevStack;

namespace LeadSync.IntegrationTests.Rebuilds;

/// <summary>The projector's executable with the argument <c>rebuild</c>, as an operator runs it.</summary>
public sealed class RebuildProcess : IDisposable
{
    private readonly Process process;

    public RebuildProcess(string postgres, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Assembly("Projector"), "rebuild", .. arguments])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "services/Projector"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ConnectionStrings__Postgres"] = postgres,
                ["ConnectionStrings__RabbitMq"] = "amqp://guest:guest@localhost:1/",
                ["Gateway__InternalUrl"] = "http://localhost:1",
            },
        };
        process = Process.Start(start)!;
    }

    public bool HasExited => process.HasExited;

    public async Task<(int ExitCode, string Output, string Error)> Exit()
    {
        var stop = TestContext.Current.CancellationToken;
        await process.WaitForExitAsync(stop);
        return (process.ExitCode, await process.StandardOutput.ReadToEndAsync(stop), await process.StandardError.ReadToEndAsync(stop));
    }

    /// <summary>Kills the process with SIGKILL.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
