using System.Diagnostics;

namespace LeadSync.DevStack.Processes;

/// <summary>
/// A process in its own session: Ctrl-C in the terminal reaches only the program that started it, which then ends its children in
/// order. The process's output goes straight to a file.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ProcessIdentity identity;
    private readonly Signal stopSignal;
    private readonly string name;

    private ChildProcess(string name, string logFile, Process process, Signal stopSignal)
    {
        this.name = name;
        LogFile = logFile;
        this.process = process;
        this.stopSignal = stopSignal;
        identity = ProcessIdentity.Of(process.Id) ?? new(process.Id, 0);
    }

    /// <param name="name">The process's name in messages, and the name of its log file.</param>
    /// <param name="command">The program to start; its streams are not redirected.</param>
    /// <param name="run">The directory for its log and its temporary files.</param>
    /// <param name="stopSignal">The signal that asks the process to end.</param>
    internal static ChildProcess Start(string name, ProcessStartInfo command, RunDirectory run, Signal stopSignal = Signal.Terminate)
    {
        var logFile = Path.Combine(run.Logs, $"{name}.log");
        var inOwnSession = new ProcessStartInfo(
            "/bin/sh", ["-c", "exec setsid \"$@\" >>\"$0\" 2>&1 </dev/null", logFile, command.FileName, .. command.ArgumentList])
        {
            WorkingDirectory = command.WorkingDirectory,
        };
        foreach (var (key, value) in command.Environment)
            inOwnSession.Environment[key] = value;
        inOwnSession.Environment["TMPDIR"] = run.Temporary;

        var child = new ChildProcess(name, logFile, Process.Start(inOwnSession)!, stopSignal);
        run.Note(child.identity, stopSignal);
        return child;
    }

    public int Id => identity.Id;

    /// <summary>The file with the process's output.</summary>
    public string LogFile { get; }

    /// <summary>Whether the process has ended, for any reason.</summary>
    public bool HasExited => process.HasExited;

    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    /// <summary>Waits until the process is ready. Fails with the end of its log when it exits, or is not ready in time.</summary>
    /// <param name="whyNotReady">Returns null when the process is ready, otherwise what is missing.</param>
    internal async Task WaitUntilReadyAsync(
        Func<CancellationToken, Task<string?>> whyNotReady, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var started = Stopwatch.GetTimestamp();
        while (await whyNotReady(cancellationToken) is { } missing)
        {
            if (process.HasExited)
                throw Ended();
            if (Stopwatch.GetElapsedTime(started) > patience)
                throw new DevStackException($"{name} is not ready after {patience.TotalSeconds:0} seconds: {missing}\n{LogTail()}");

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Kills the process and its children (SIGKILL).</summary>
    public Task KillAsync() => identity.EndAsync(Signal.Kill);

    /// <summary>Pauses the process and its children (SIGSTOP).</summary>
    public void Pause() => identity.SendToTree(Signal.Stop);

    public void Resume() => identity.SendToTree(Signal.Continue);

    /// <summary>Asks the process to end, and kills it when it does not.</summary>
    public Task StopAsync() => identity.EndAsync(stopSignal);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }

    internal DevStackException Ended() => new($"{name} ended with exit code {process.ExitCode}:\n{LogTail()}");

    private string LogTail() => string.Join('\n', File.ReadLines(LogFile).TakeLast(20).Select(line => $"  {line}"));
}
