using System.Diagnostics;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Cli;

/// <summary>What a command wrote, and how it ended.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Output);
}

/// <summary>Runs the real executable.</summary>
public static class CommandLine
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Task<CommandResult> Run(RunningSync sync, params string[] arguments) => Run(
        new Dictionary<string, string> { ["LEADSYNC_URL"] = $"{sync.Services.Scheduler.Address}" }, arguments);

    public static async Task<CommandResult> Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [DevStack.Repository.Assembly("Cli"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (key, value) in environment)
            start.Environment[key] = value;

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(Stop);
        var error = process.StandardError.ReadToEndAsync(Stop);
        try
        {
            await process.WaitForExitAsync(Stop).WaitAsync(Patience, Stop);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        return new CommandResult(process.ExitCode, await output, await error);
    }
}
