using LeadSync.ServiceDefaults.Shutdown;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>
/// Notices that this process no longer reads a queue although messages wait there, or does not get ahead with a message that it holds.
/// RabbitMQ.Client can hang for good when a connection is cut at a bad moment (decision 43). Then the liveness check fails, and if nobody
/// ends the process, it ends itself. Whoever runs the process starts it again, and RabbitMQ delivers the unacknowledged messages again. An
/// outage is not a hang: a service keeps retrying, and an absent broker shows no queues.
/// </summary>
/// <param name="broker">The broker, which the watch asks over its own connection.</param>
/// <param name="patience">The time for which messages may wait, or be held, while the process handles none.</param>
/// <param name="end">Ends the process.</param>
internal sealed partial class HangWatch(
    Broker broker, TimeSpan patience, Progress progress, Action end, TimeProvider clock, ILogger<HangWatch> log)
        : BackgroundService, IHealthCheck
{
    /// <summary>The process's exit code when it ends because it hangs.</summary>
    public const int ExitCode = 70;

    // Messages in these queues take long: a page of 200,000 leads, a catch-up, a message that waits for its time. RabbitMQ takes a delivery
    // back after half an hour.
    private static readonly HashSet<string> TakeLong =
    [
        "catch-up", "bulk-page-ready", "compare-leads", "rebuild-view", "look-again", "look-again-in-question", "leads-in-question",
        "start-bulk-read", "forget-lead",
    ];

    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(35);

    private readonly Dictionary<string, long> waitingSince = [];
    private volatile string? stuck;
    private long stuckSince;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(stuck is { } queue
            ? HealthCheckResult.Unhealthy($"no message of {queue} is handled")
            : HealthCheckResult.Healthy());

    /// <summary>Looks at the queues once.</summary>
    /// <param name="count">How many messages wait in a queue, and how many read it.</param>
    internal async Task Look(IReadOnlyCollection<string> queues, Func<string, Task<(uint Ready, uint Readers)>> count)
    {
        string? found = null;
        foreach (var queue in queues)
        {
            var (ready, readers) = await count(queue);
            if (IsStuck(queue, ready, readers))
                found ??= queue;
        }

        if (found is not null && stuck is null)
        {
            stuckSince = clock.GetTimestamp();
            Stuck(found);
        }

        stuck = found;
    }

    /// <summary>Ends the process if it is still stuck and nobody has ended it in time.</summary>
    internal void EndIfStuck()
    {
        if (stuck is not null && clock.GetElapsedTime(stuckSince) > patience / 2)
            end();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(patience / 6, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookOnce(stoppingToken);
                EndIfStuck();
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                // The waiting messages are unknown: the broker is out, or shutting down.
                waitingSince.Clear();
                stuck = null;
            }
        }
    }

    private bool IsStuck(string queue, uint ready, uint readers)
    {
        var now = clock.GetTimestamp();
        if (ready == 0)
            waitingSince.Remove(queue);
        else
            waitingSince.TryAdd(queue, now);

        var takesLong = TakeLong.Contains(queue);
        var most = takesLong && LongPatience > patience ? LongPatience : patience;
        var own = progress.Of(queue);
        var othersWait = ready > 0 && clock.GetElapsedTime(waitingSince[queue], now) > most;
        // Only this process handles the messages that it holds. Other processes may read those that wait. A rebuild waits for readers of
        // the view for as long as they read.
        return own.Idle > most && (own.AtHand > 0 ? othersWait || !takesLong : othersWait && readers <= 1);
    }

    private async Task LookOnce(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(patience / 2, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var factory = broker.Factory();
        (factory.AutomaticRecoveryEnabled, factory.RequestedConnectionTimeout) = (false, patience / 4);
        await using var connection = await factory.CreateConnectionAsync("leadsync watch", either.Token);
        await Look(progress.Queues, async queue =>
        {
            // RabbitMQ closes the channel when a queue does not exist.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: either.Token);
            try
            {
                var declared = await channel.QueueDeclarePassiveAsync(queue, either.Token);
                return (declared.MessageCount, declared.ConsumerCount);
            }
            catch (OperationInterruptedException)
            {
                return (0, 0);
            }
        });
    }

    [LoggerMessage(Level = LogLevel.Critical, Message =
        "Messages of {Queue} wait, and this process handles none of them. The process ends now: start it again, unless a supervisor does.")]
    private partial void Stuck(string queue);
}
