using System.Diagnostics;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Cli;

/// <summary>A command's output and exit code.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);
}

/// <summary>Runs <c>leadsync</c> with only the given environment variables.</summary>
public static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Task<CommandResult> Run(RunningSync sync, params string[] arguments) => Run(Of(sync), arguments);

    /// <summary>Runs the program within this process, which saves the second that a process needs to start.</summary>
    public static async Task<CommandResult> Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await LeadSyncCommand.Run(arguments, Terminal.Kept(environment, output, error), Stop).WaitAsync(Patience, Stop);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that does not end by itself until its output is enough, then stops it like Ctrl-C.</summary>
    public static async Task<CommandResult> RunUntil(RunningSync sync, Func<string, bool> isEnough, params string[] arguments)
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var written = new StringWriter();
        using var error = new StringWriter();
        var output = TextWriter.Synchronized(written);
        var running = LeadSyncCommand.Run(arguments, Terminal.Kept(Of(sync), output, error), interrupt.Token);
        await RunningSync.Until("the command has written enough", () =>
        {
            lock (output)
                return Task.FromResult(running.IsCompleted || isEnough(written.ToString()));
        });
        await interrupt.CancelAsync();
        return new CommandResult(await running, written.ToString(), error.ToString());
    }

    /// <summary>Runs the shipped executable.</summary>
    public static async Task<CommandResult> RunExecutable(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [DevStack.Repository.Assembly("Cli"), .. arguments]);
        foreach (var (key, value) in environment)
            start.Environment[key] = value;
        var ended = await ProgramResult.RunAsync(start, Stop);
        return new CommandResult(ended.ExitCode, ended.Output, ended.Error);
    }

    /// <summary>The environment variables that tell a command which sync to ask.</summary>
    public static IReadOnlyDictionary<string, string> Of(RunningSync sync) =>
        new Dictionary<string, string> { ["LEADSYNC_URL"] = $"{sync.Services.Scheduler.Address}" };
}
