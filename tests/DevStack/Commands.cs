using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using LeadSync.DevStack.Processes;
using Npgsql;

namespace LeadSync.DevStack;

/// <summary>
/// Runs the <c>./leadsync</c> commands that start processes. A command that ends also ends its processes. A failure is one sentence.
/// </summary>
internal static class Commands
{
    private const int Interrupted = 130;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, params Command[] commands)
    {
        if (!OperatingSystem.IsLinux())
        {
            await Console.Error.WriteLineAsync(
                "LeadSync's tools start and end processes the way of Linux: run them there, or in a container or a virtual machine.");
            return 1;
        }

        // Background processes of a shell script ignore Ctrl-C's signal, and .NET would inherit that.
        HandleByDefault((int)Signal.Interrupt, 0);
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        var root = new Command("./leadsync") { new HelpOption() };
        foreach (var command in commands)
            root.Add(command);
        try
        {
            return await root.Parse(args).InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception e) when (Sentence(e) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>The sentence that tells the user about a failure. Null for a fault of the program, which ends with a stack trace.</summary>
    internal static string? Sentence(Exception failure) => failure switch
    {
        DevStackException => failure.Message,
        NpgsqlException or HttpRequestException or TimeoutException => $"{failure.Message}\nThe logs in .leadsync/logs say more.",
        UnauthorizedAccessException => $"{failure.Message}\nPerhaps another user made it: run the command as that user, or take the files "
            + "with: sudo chown -R \"$USER\" .leadsync artifacts",
        IOException => failure.Message,
        _ => null,
    };

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint HandleByDefault(int signal, nint handler);
}
