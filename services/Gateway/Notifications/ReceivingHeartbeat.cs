using LeadSync.ServiceDefaults.Shutdown;
using MassTransit;
using Npgsql;

namespace LeadSync.Gateway.Notifications;

/// <summary>Lets the heart beat once a second, as long as this replica can receive notifications and pass them on.</summary>
internal sealed partial class ReceivingHeartbeat(
    Heartbeat heartbeat, IBusControl bus, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<ReceivingHeartbeat> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // This replica is not ready before its first beat.
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
                await heartbeat.Beat(stoppingToken);
                missed = false;
            }
            catch (Exception e) when (!e.IsEnd(stoppingToken))
            {
                // The hole grows until a beat succeeds, and is announced then.
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
            await heartbeat.Leave(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            // Taken for a crash, it is a gap too many, which costs a catch-up.
            Missed(e.GetBaseException().Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Receiving could not be recorded; what is missed meanwhile is caught up later: {Reason}")]
    private partial void Missed(string reason);
}
