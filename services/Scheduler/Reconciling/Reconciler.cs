using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults.Shutdown;
using MassTransit;

namespace LeadSync.Scheduler.Reconciling;

/// <summary>
/// Runs the plan. The replica that holds the leader lock takes a step every second, and at once when an event was recorded. After any
/// failure it begins again with the lock: a restart is its only way to recover.
/// </summary>
internal sealed partial class Reconciler(
    LeaderLock leaderLock, Reconciliation reconciliation, SyncLog log, StatusGauges status, IBusControl bus, TimeProvider clock,
    ILogger<Reconciler> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Publishing to a broker may hang beyond its cancellation (decision 43). Then this replica gives the lock to another.
    private static readonly TimeSpan StepPatience = TimeSpan.FromSeconds(45);

    private string? failure;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Lead(stoppingToken);
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                // A failure of another kind than the last one gets another line.
                if (failure != e.Message)
                    LogFailing(e);
                failure = e.Message;
                await Task.Delay(Interval, clock, stoppingToken);
            }
        }
    }

    private async Task Lead(CancellationToken ct)
    {
        await bus.WaitForHealthStatus(BusHealthStatus.Healthy, ct);
        await using var held = await leaderLock.Acquire(ct);
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(ct, held.HandleLostToken);
        // Otherwise the last step of the leader before would make this one look as if it hung.
        status.Ticked();
        try
        {
            await reconciliation.Begin(leading.Token);
            while (true)
            {
                await Step(leading.Token).WaitAsync(StepPatience, clock, leading.Token);
                status.Ticked();
                if (failure is not null)
                    LogRecovered();
                failure = null;
                await log.Wait(Interval, leading.Token);
            }
        }
        finally
        {
            status.Hide();
        }
    }

    private async Task Step(CancellationToken ct)
    {
        var (state, version) = await log.Read(ct);
        await reconciliation.Step(state, version, ct);
    }

    [LoggerMessage(LogLevel.Warning, "The scheduler cannot work, and tries again every second.")]
    private partial void LogFailing(Exception cause);

    [LoggerMessage(LogLevel.Information, "The scheduler works again.")]
    private partial void LogRecovered();
}
