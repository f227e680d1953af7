using LeadSync.ServiceDefaults.Shutdown;
using MassTransit;

namespace LeadSync.Gateway.Notifications;

/// <summary>Beats once a second while this replica can receive notifications and publish announcements.</summary>
internal sealed partial class ReceivingHeartbeat(
    ReceivingRecorder recorder, IBusControl bus, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<ReceivingHeartbeat> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // This replica becomes ready with its first beat, so the first check comes early.
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(50);

    private bool missed;

    private bool IsReceiving =>
        lifetime.ApplicationStarted.IsCancellationRequested
        && bus.CheckHealth().Status == BusHealthStatus.Healthy;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(FirstLook, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!IsReceiving)
                continue;

            timer.Period = Interval;
            try
            {
                await recorder.Beat(stoppingToken);
                missed = false;
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                // The hole in the record grows until a beat succeeds. That beat announces the hole as a gap.
                if (!missed)
                    Missed(e.GetBaseException().Message);
                missed = true;
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await recorder.RemoveHeartbeat(cancellationToken);
        }
        catch (Exception e)
        {
            // Everything else still has to stop, whatever the reason. The other replicas take this end for a crash, and announce a gap,
            // which costs one needless catch-up.
            Missed(e.GetBaseException().Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The gateway could not record that it receives; a catch-up reads what is missed until it can: {Reason}")]
    private partial void Missed(string reason);
}
