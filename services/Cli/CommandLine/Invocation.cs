using System.CommandLine;
using LeadSync.Cli.Sync;

namespace LeadSync.Cli.CommandLine;

/// <summary>What a command was called with, and whom it can ask.</summary>
internal sealed class Invocation : IDisposable
{
    private readonly ParseResult parsed;
    private readonly Lazy<SyncApi> scheduler;
    private readonly Lazy<SyncApi> projector;

    public Invocation(ParseResult parsed)
    {
        this.parsed = parsed;
        Screen = new Screen(parsed.GetValue(SharedOptions.Json));
        scheduler = new(() => Api("scheduler", SharedOptions.Url, SharedOptions.UrlVariable, run => run.Scheduler, 8082));
        projector = new(() => Api("projector", SharedOptions.ProjectorUrl, SharedOptions.ProjectorUrlVariable, run => run.Projector, 8081));
    }

    public Screen Screen { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    public SyncApi Scheduler => scheduler.Value;

    public SyncApi Projector => projector.Value;

    /// <summary>A sync that runs in this repository, when no other was asked for.</summary>
    public RunningHere? RunningHere =>
        (parsed.GetValue(SharedOptions.Url) ?? Variable(SharedOptions.UrlVariable)) is null ? RunningHere.Find() : null;

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public void Dispose()
    {
        foreach (var api in new[] { scheduler, projector }.Where(api => api.IsValueCreated))
            api.Value.Dispose();
    }

    private SyncApi Api(string service, Option<string?> option, string variable, Func<RunningHere, Uri> here, int port)
    {
        var given = parsed.GetValue(option) ?? Variable(variable);
        if (given is not null && !SharedOptions.IsAddress(given))
            throw new CommandException(ExitCode.Usage, $"{variable} is not an http or https address: write one, for example {variable}=http://localhost:{port}");

        var address = given is not null ? new Uri(given) : RunningHere is { } run ? here(run) : new Uri($"http://localhost:{port}");
        return new SyncApi(service, option.Name, address, Token());
    }

    private string? Token()
    {
        if (parsed.GetValue(SharedOptions.TokenFile) is not { } path)
            return Variable(SharedOptions.TokenVariable);

        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"--token-file names a file that cannot be read: {path}");
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
