using LeadSync.ServiceDefaults.Shutdown;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace LeadSync.ServiceDefaults.Bus;

/// <summary>
/// Notices that this process reads a queue no more although messages wait there: RabbitMQ.Client can hang for good when a connection is cut at a bad
/// moment (decision 43). Then the process is no longer alive, and ends by itself when nobody ends it: whoever runs it starts it again, and what it had not
/// acknowledged is delivered again. An outage is no hang: what cannot be done is tried again and again, and a broker that is away shows no queues.
/// </summary>
/// <param name="broker">Asked by a connection of its own.</param>
/// <param name="patience">For how long messages may wait while none is handled.</param>
/// <param name="end">Ends the process.</param>
internal sealed partial class HangWatch(
    Broker broker, TimeSpan patience, Progress progress, Action end, TimeProvider time, ILogger<HangWatch> log) : BackgroundService, IHealthCheck
{
    /// <summary>The process's exit code when it ends because it hangs.</summary>
    public const int ExitCode = 70;

    // Others take as long as they take: a page of 200,000 leads, a catch-up, a message that waits for its time. RabbitMQ takes a delivery back
    // after half an hour.
    private static readonly HashSet<string> TakeLong =
        ["catch-up", "bulk-page-ready", "compare-leads", "rebuild-view", "look-again", "leads-in-question", "start-bulk-read"];

    private static readonly TimeSpan LongPatience = TimeSpan.FromMinutes(35);

    private readonly Dictionary<string, long> waitingSince = [];
    private volatile string? stuck;
    private long stuckSince;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(stuck is { } queue
            ? HealthCheckResult.Unhealthy($"messages wait in {queue}, and none is handled")
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
            stuckSince = time.GetTimestamp();
            Stuck(found);
        }

        stuck = found;
    }

    /// <summary>Whoever runs the process has had the time to end it.</summary>
    internal void EndIfStuck()
    {
        if (stuck is not null && time.GetElapsedTime(stuckSince) > patience / 2)
            end();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(patience / 6, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookOnce(stoppingToken);
                EndIfStuck();
            }
            catch (Exception e) when (!e.IsEnd(stoppingToken))
            {
                // Nobody knows what waits: that is an outage of the broker, or its end.
                waitingSince.Clear();
                stuck = null;
            }
        }
    }

    // A queue with other readers may be read by them; what is at hand here is read by nobody else.
    private bool IsStuck(string queue, uint ready, uint readers)
    {
        if (ready == 0)
        {
            waitingSince.Remove(queue);
            return false;
        }

        var now = time.GetTimestamp();
        waitingSince.TryAdd(queue, now);
        var most = TakeLong.Contains(queue) && LongPatience > patience ? LongPatience : patience;
        var own = progress.Of(queue);
        return own.Idle > most && time.GetElapsedTime(waitingSince[queue], now) > most && (own.AtHand > 0 || readers <= 1);
    }

    private async Task LookOnce(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(patience / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var factory = broker.Factory();
        (factory.AutomaticRecoveryEnabled, factory.RequestedConnectionTimeout) = (false, patience / 4);
        await using var connection = await factory.CreateConnectionAsync("leadsync watch", either.Token);
        await Look(progress.Queues, async queue =>
        {
            // A queue that does not exist closes its channel.
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
        "Messages wait in {Queue}, and this process handles none any more: it ends, and has to be started again")]
    private partial void Stuck(string queue);
}
