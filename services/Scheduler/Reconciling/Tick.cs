using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSync.Scheduler.Reconciling;

/// <summary>Takes one step of the plan, in the order that <see cref="Plan"/> gives the reasons for, and says how the sync is.</summary>
internal sealed partial class Tick(
    SyncLog log, SyncStatus status, Parked parked, IBus bus, SchedulerOptions options, TimeProvider clock, ILogger<Tick> logger)
{
    private static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(10);

    private readonly HashSet<Type> unheard = [];

    public async Task RunAsync(CancellationToken cancellation)
    {
        var (state, version) = await log.ReadAsync(cancellation);
        await status.ShowAsync(state, cancellation);
        await parked.ForgetCorrected(cancellation);
        var step = Plan.Next(state, options, clock.GetUtcNow());
        if (step.Decisions.Count > 0 && !await log.TryRecordAsync(step.Decisions, version, cancellation))
            return;

        foreach (var dispatch in step.Commands)
        {
            if (await TrySendAsync(dispatch.Command, cancellation))
                await log.RecordAsync([dispatch.Sent], cancellation);
        }
    }

    private async Task<bool> TrySendAsync(object command, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(BrokerPatience, clock);
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        // MassTransit writes an error with its stack for every attempt that fails; one line for all of them is written here.
        LogContext.ConfigureCurrentLogContext(NullLoggerFactory.Instance);
        try
        {
            await bus.Publish(command, sending.Token);
            unheard.Remove(command.GetType());
            return true;
        }
        catch (MessageReturnedException)
        {
            if (unheard.Add(command.GetType()))
                LogUnheard(command.GetType().Name);
            return false;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException("RabbitMQ confirmed no command in time: see whether it is up, and whether it has raised an alarm.");
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "Nobody has a queue for {Command} yet: start the service that carries it out. It is sent again every second until then.")]
    private partial void LogUnheard(string command);
}
