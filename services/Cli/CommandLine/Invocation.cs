using System.CommandLine;
using LeadSync.Cli.Sync;
using Microsoft.Extensions.Configuration;

namespace LeadSync.Cli.CommandLine;

/// <summary>A command's arguments, and the services that it can ask.</summary>
internal sealed class Invocation : IDisposable
{
    private static readonly Uri UsualAddress = new("http://localhost:8082");

    private readonly ParseResult parsed;
    private readonly Terminal terminal;
    private readonly Lazy<SyncApi> scheduler;

    public Invocation(ParseResult parsed)
    {
        this.parsed = parsed;
        terminal = (Terminal)parsed.InvocationConfiguration;
        Output = new CommandOutput(terminal, parsed.GetValue(SharedOptions.Json));
        scheduler = new(() => new SyncApi(GivenUrl() ?? RunningHere?.Scheduler ?? UsualAddress, Token()));
    }

    public CommandOutput Output { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    public SyncApi Scheduler => scheduler.Value;

    /// <summary>A sync that runs in this repository, when the caller asked for no other.</summary>
    public RunningHere? RunningHere => GivenUrl() is null ? RunningHere.Find() : null;

    /// <summary>The services' configuration, as this command's environment gives it.</summary>
    public IConfiguration Configuration => CommandLine.Configuration.Of(terminal.Variables, RunningHere);

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T Value<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public void Dispose()
    {
        if (scheduler.IsValueCreated)
            scheduler.Value.Dispose();
    }

    private Uri? GivenUrl() => (parsed.GetValue(SharedOptions.Url) ?? terminal.Variable(SharedOptions.UrlVariable)) switch
    {
        null => null,
        var given when SharedOptions.IsAddress(given) => new Uri(given),
        _ => throw new CommandException(
            ExitCode.Usage, $"{SharedOptions.UrlVariable} is not an http or https address: write one, for example "
                + $"{SharedOptions.UrlVariable}={UsualAddress}"),
    };

    private string? Token()
    {
        if (parsed.GetValue(SharedOptions.TokenFile) is not { } path)
            return terminal.Variable(SharedOptions.TokenVariable)
                ?? RunningHere?.Settings.GetValueOrDefault("Access__ActionToken")
                    ?? RunningHere?.Settings.GetValueOrDefault("Console__ActionToken");

        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"--token-file names a file that cannot be read: {path}");
        }
    }
}
