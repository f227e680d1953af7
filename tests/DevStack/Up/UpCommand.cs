using System.CommandLine;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Services;
using Npgsql;
using Spectre.Console;

namespace LeadSync.DevStack.Up;

/// <summary><c>./leadsync up</c>: the whole system on this machine, with a simulated Zoho, until Ctrl-C.</summary>
internal static class UpCommand
{
    public static Command Create() => UpOptions.CreateCommand(RunAsync);

    private static async Task<int> RunAsync(UpOptions options, CancellationToken cancellationToken)
    {
        var screen = new Screen(AnsiConsole.Console);
        try
        {
            await RunAsync(options, screen, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            screen.Line("Stopped; nothing is left running.");
        }

        return 0;
    }

    private static async Task RunAsync(UpOptions options, Screen screen, CancellationToken cancellationToken)
    {
        await using var run = await RunDirectory.BeginAsync("up");
        await using var infrastructure = await screen.StepAsync(
            "Starting PostgreSQL and RabbitMQ",
            () => LocalInfrastructure.StartAsync(run, durable: true, screen.Remark, cancellationToken),
            servers => $"PostgreSQL {servers.Postgres.Origin}, RabbitMQ {servers.RabbitMq.Origin}");
        await using var traces = await screen.StepAsync(
            "Starting Jaeger", () => Traces.StartAsync(run, cancellationToken), traces => $"traces {traces.Where}");
        await using var services = await screen.StepAsync(
            "Starting the services and the Zoho simulator",
            () => ServiceProcesses.StartAsync(options.ToSettings(infrastructure, traces), run, cancellationToken),
            _ => "gateway, projector, scheduler, and a simulated Zoho");
        await RunNote.WriteAsync(services, run, cancellationToken);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sync = SyncAsync(
            options.Leads, screen, infrastructure, services, new Addresses(infrastructure, services, traces, run), stop.Token);
        var firstToEnd = await Task.WhenAny(sync, services.FailWhenOneEndsAsync(stop.Token));
        await stop.CancelAsync();
        await sync.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await firstToEnd;
    }

    private static async Task SyncAsync(
        int leads, Screen screen, LocalInfrastructure infrastructure, ServiceProcesses services, Addresses addresses,
        CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(infrastructure.Postgres.ConnectionString);
        var view = new View(database);
        var initial = new InitialSync(view, leads);
        await screen.WatchAsync(() => initial.WaitAsync(cancellationToken), initial.Picture, () => initial.Summary);
        await addresses.ShowAsync(screen, view, cancellationToken);

        var edits = new LiveEdits(services.Simulator.Http, view);
        screen.Line("Editing two leads a second in the simulated Zoho. Ctrl-C stops everything.");
        await screen.WatchAsync(() => edits.RunAsync(cancellationToken), edits.Picture, () => edits.Summary);
    }
}
