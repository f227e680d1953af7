using System.Diagnostics;
using System.Net.Sockets;
using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Services;

/// <summary>
/// One of the repository's web programs, run from its build output in a process of its own. It can be ended, killed and started again.
/// </summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string directory;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly RunDirectory run;
    private ChildProcess? process;

    /// <param name="directory">The project's directory in the repository, for instance <c>services/Gateway</c>.</param>
    /// <param name="name">What it is called in messages; also the name of its log file.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="environment">Its configuration.</param>
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

    /// <summary>Of the process that was started last.</summary>
    public int ProcessId => process!.Id;

    /// <summary>Whether it was started and has ended since, for whatever reason.</summary>
    public bool HasExited => process is { HasExited: true };

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    /// <exception cref="DevStackException">It ended, or is not ready in time; the message has the end of its log.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // As "dotnet run" does: settings and static files are read from the project's directory.
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

    /// <summary>Waits until it says that it is ready, once more.</summary>
    /// <exception cref="DevStackException">It ended, or is not ready in time; the message has the end of its log.</exception>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) =>
        process!.WaitUntilReadyAsync(WhyNotReadyAsync, Patience, cancellationToken);

    /// <summary>Throws as soon as the process ends by itself.</summary>
    public async Task FailWhenItEndsAsync(CancellationToken cancellationToken)
    {
        await process!.WaitForExitAsync(cancellationToken);
        throw process.Ended();
    }

    public Task StopAsync() => process?.StopAsync() ?? Task.CompletedTask;

    /// <summary>Ends it at once (SIGKILL), with no chance to finish anything.</summary>
    public Task KillAsync() => process?.KillAsync() ?? Task.CompletedTask;

    /// <summary>Kills the process: its data is thrown away too, so no orderly end is needed.</summary>
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
        // A connection that is reset as soon as it is accepted, as of a server that just ends, is a bare SocketException.
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            return e.Message;
        }
    }
}
