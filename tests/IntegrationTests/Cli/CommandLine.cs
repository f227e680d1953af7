using System.Diagnostics;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Cli;

/// <summary>What a command wrote, and how it ended.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);
}

/// <summary>Runs <c>leadsync</c>, with no environment variables but those given.</summary>
public static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Task<CommandResult> Run(RunningSync sync, params string[] arguments) => Run(Of(sync), arguments);

    /// <summary>Within this process: the same program, but for the start of a process that takes a second.</summary>
    public static async Task<CommandResult> Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await LeadSyncCommand.Run(arguments, Terminal.Kept(environment, output, error), Stop).WaitAsync(Patience, Stop);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that goes on, until what it has written is enough; then as if Ctrl-C were pressed.</summary>
    public static async Task<CommandResult> RunUntil(RunningSync sync, Func<string, bool> isEnough, params string[] arguments)
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var written = new StringWriter();
        using var error = new StringWriter();
        var output = TextWriter.Synchronized(written);
        var running = LeadSyncCommand.Run(arguments, Terminal.Kept(Of(sync), output, error), interrupt.Token);
        await RunningSync.Until("it has written enough", () =>
        {
            lock (output)
                return Task.FromResult(running.IsCompleted || isEnough(written.ToString()));
        });
        await interrupt.CancelAsync();
        return new CommandResult(await running, written.ToString(), error.ToString());
    }

    /// <summary>The executable, as it is shipped.</summary>
    public static async Task<CommandResult> RunExecutable(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [DevStack.Repository.Assembly("Cli"), .. arguments]);
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var ended = await ProgramResult.RunAsync(start, Stop);
        return new CommandResult(ended.ExitCode, ended.Output, ended.Error);
    }

    /// <summary>What tells a command which sync to ask.</summary>
    public static IReadOnlyDictionary<string, string> Of(RunningSync sync) =>
        new Dictionary<string, string> { ["LEADSYNC_URL"] = $"{sync.Services.Scheduler.Address}" };
}
