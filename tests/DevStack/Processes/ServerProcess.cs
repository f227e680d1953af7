namespace LeadSync.DevStack.Processes;

/// <summary>A private server. It can be killed, paused, and started again with the same data and port.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly string name;
    private readonly System.Diagnostics.ProcessStartInfo command;
    private readonly RunDirectory run;
    private readonly Signal stopSignal;
    private readonly Func<CancellationToken, Task<string?>> whyNotReady;
    private readonly TimeSpan patience;
    private ChildProcess? process;

    internal ServerProcess(
        string name,
        System.Diagnostics.ProcessStartInfo command,
        RunDirectory run,
        Signal stopSignal,
        Func<CancellationToken, Task<string?>> whyNotReady,
        TimeSpan patience)
    {
        this.name = name;
        this.command = command;
        this.run = run;
        this.stopSignal = stopSignal;
        this.whyNotReady = whyNotReady;
        this.patience = patience;
    }

    public bool IsRunning => process is { HasExited: false };

    /// <summary>Starts the server, and waits until it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        process = ChildProcess.Start(name, command, run, stopSignal);
        await process.WaitUntilReadyAsync(whyNotReady, patience, cancellationToken);
    }

    /// <summary>Kills the server and its children (SIGKILL).</summary>
    public Task KillAsync() => process!.KillAsync();

    /// <summary>Pauses the server (SIGSTOP): connections stay open, and get no answer.</summary>
    public void Pause() => process!.Pause();

    public void Resume() => process!.Resume();

    public ValueTask DisposeAsync() => process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
