using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Presence;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSync.Scheduler.Reconciling;

/// <summary>The work of a leader: it takes steps of the plan, in the order that <see cref="Plan"/> explains.</summary>
internal sealed partial class Reconciliation(
    ISyncLog log, Publish publish, SchedulerOptions options, TimeProvider clock, ILogger<Reconciliation> logger)
{
    private static readonly TimeSpan BrokerPatience = TimeSpan.FromSeconds(10);

    private readonly HashSet<Type> withoutReceiver = [];

    /// <summary>This replica leads from now on.</summary>
    public Task Begin(CancellationToken ct) =>
        log.Record([new LeadershipTaken(clock.GetUtcNow(), $"{LeaderRow.Instance}, version {ProgramVersion.Text}")], ct);

    /// <param name="state">The state as of <paramref name="version"/> of the log.</param>
    public async Task Step(SyncState state, long version, CancellationToken ct)
    {
        var step = Plan.Next(state, options, clock.GetUtcNow());
        if (step.Decisions.Count > 0 && !await log.TryRecord(step.Events, version, ct))
            return;

        foreach (var dispatch in step.Commands)
        {
            if (await TrySend(dispatch.Command, ct))
                await log.Record([dispatch.Sent], ct);
        }
    }

    private async Task<bool> TrySend(object command, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(BrokerPatience, clock);
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        // MassTransit logs an error with its stack for every failed attempt; this service logs one line for all of them.
        LogContext.ConfigureCurrentLogContext(NullLoggerFactory.Instance);
        try
        {
            await publish(command, sending.Token);
            withoutReceiver.Remove(command.GetType());
            return true;
        }
        catch (MessageReturnedException)
        {
            if (withoutReceiver.Add(command.GetType()))
                LogUnheard(command.GetType().Name);
            return false;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new TimeoutException("RabbitMQ confirmed no command in time: see whether it is up, and whether it has raised an alarm.");
        }
    }

    [LoggerMessage(LogLevel.Warning,
        "No queue exists for {Command} yet: start the service that carries it out. Until then, the scheduler sends it every second.")]
    private partial void LogUnheard(string command);
}
