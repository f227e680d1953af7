using System.Diagnostics;
using System.Net.Sockets;
using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Services;

/// <summary>
/// One of the repository's web programs, as a process from its build output. It can be ended, killed and started again.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string directory;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly RunDirectory run;
    private ChildProcess? process;

    /// <param name="directory">The project's directory in the repository, for instance <c>services/Gateway</c>.</param>
    /// <param name="name">The process's name in messages, and the name of its log file.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="environment">The environment variables that configure the program.</param>
    internal ServiceProcess(string directory, string name, Uri address, IReadOnlyDictionary<string, string> environment, RunDirectory run)
    {
        this.directory = directory;
        this.environment = environment;
        this.run = run;
        Name = name;
        Http = new HttpClient { BaseAddress = address };
    }

    public string Name { get; }

    public Uri Address => Http.BaseAddress!;

    public HttpClient Http { get; }

    /// <summary>The id of the process that was started last.</summary>
    public int ProcessId => process!.Id;

    /// <summary>Whether the process was started and has ended since, for any reason.</summary>
    public bool HasExited => process is { HasExited: true };

    /// <summary>Starts the process, and waits until it reports that it is ready.</summary>
    /// <exception cref="DevStackException">It ended, or is not ready in time; the message has the end of its log.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Like "dotnet run": the program reads settings and static files from the project's directory.
        var command = new ProcessStartInfo("dotnet", [Repository.Assembly(Path.GetFileName(directory))])
        {
            WorkingDirectory = Path.Combine(Repository.Root, directory),
        };
        foreach (var (key, value) in environment)
            command.Environment[key] = value;
        command.Environment["ASPNETCORE_URLS"] = Address.GetLeftPart(UriPartial.Authority);

        process = ChildProcess.Start(Name, command, run);
        await WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Waits until the process reports again that it is ready.</summary>
    /// <exception cref="DevStackException">It ended, or is not ready in time; the message has the end of its log.</exception>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) =>
        process!.WaitUntilReadyAsync(WhyNotReadyAsync, Patience, cancellationToken);

    /// <summary>Throws as soon as the process ends by itself.</summary>
    public async Task FailWhenItEndsAsync(CancellationToken cancellationToken)
    {
        await process!.WaitForExitAsync(cancellationToken);
        throw process.Ended();
    }

    /// <summary>Waits until the process ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> WaitForExitAsync(CancellationToken cancellationToken) => process!.WaitForExitAsync(cancellationToken);

    /// <summary>Freezes the process (SIGSTOP): it keeps its connections and answers nothing.</summary>
    public void Pause() => process!.Pause();

    public void Resume() => process!.Resume();

    public Task StopAsync() => process?.StopAsync() ?? Task.CompletedTask;

    /// <summary>Kills the process (SIGKILL).</summary>
    public Task KillAsync() => process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Kills the process. Its data is deleted too, so a graceful end is not needed.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await KillAsync();
    }

    private async Task<string?> WhyNotReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.GetAsync("/health/ready", cancellationToken);
            return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync(cancellationToken);
        }
        // .NET throws a bare SocketException when a server that ends resets a connection just after accepting it.
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return e.Message;
        }
    }
}
