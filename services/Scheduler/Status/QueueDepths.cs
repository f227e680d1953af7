using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Presence;
using LeadSync.ServiceDefaults.Shutdown;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace LeadSync.Scheduler.Status;

/// <summary>How many changes wait in the queues between Zoho and the view, looked up at the broker every two seconds.</summary>
/// <remarks>The broker does not tell how old a message is. But a queue delivers its oldest messages first, and the service that works on
/// them tells since when they have waited (<see cref="InFlight"/>). While no service works, the age is the time since the queue was last
/// empty.</remarks>
internal sealed class QueueDepths(Broker broker, TimeProvider clock) : BackgroundService
{
    // The queues of leads that are read again although Zoho announced no change of them: the gateway's, and the projector's.
    private static readonly string[] RereadQueues = ["leads-in-question", "leads-reread"];

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private Depths depths = new(default, default, null);

    /// <summary>Why the broker cannot be reached; null when it can.</summary>
    public Outage? Outage => Volatile.Read(ref depths).Outage;

    /// <returns>Null when the broker cannot be reached.</returns>
    public WaitingChanges? Waiting(Presence presence)
    {
        var seen = Volatile.Read(ref depths);
        if (seen.Outage is not null)
            return null;

        var nobodyWorks = presence.WorkingOn == 0;
        return new(seen.Changes.Ready + presence.WorkingOn, nobodyWorks ? seen.Changes.NotEmptySince : presence.WorkingSince);
    }

    /// <summary>Messages with leads that are read again although Zoho announced no change of them. The oldest has waited at most since the
    /// queues were last empty.</summary>
    /// <returns>Null when the broker cannot be reached.</returns>
    public WaitingChanges? Rereads()
    {
        var seen = Volatile.Read(ref depths);
        return seen.Outage is null ? new(seen.Rereads.Ready, seen.Rereads.NotEmptySince) : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var factory = broker.Factory();
        (factory.AutomaticRecoveryEnabled, factory.RequestedConnectionTimeout, factory.ContinuationTimeout) = (false, Patience, Patience);
        while (true)
        {
            try
            {
                await using var connection = await factory.CreateConnectionAsync("leadsync scheduler, looking at queues", stoppingToken);
                await ShowUntilTrouble(connection, stoppingToken);
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                ShowTrouble(e);
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task ShowUntilTrouble(IConnection connection, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var changes = await Count(InFlight.Queues, connection, ct).WaitAsync(Patience, clock, ct);
                Show(changes, await Count(RereadQueues, connection, ct).WaitAsync(Patience, clock, ct));
                await Task.Delay(Pause, clock, ct);
            }
        }
        catch (Exception e) when (!e.IsRequestedEnd(ct))
        {
            // Closing a connection to a broker that hangs takes a while. The trouble is shown before.
            ShowTrouble(e);
            throw;
        }
    }

    private void ShowTrouble(Exception e)
    {
        var before = Volatile.Read(ref depths);
        var cause = e.GetBaseException();
        var why = e is OperationCanceledException or TimeoutException || cause is OperationCanceledException or TimeoutException
            ? $"It does not answer within {Patience.TotalSeconds:0} s." : cause.Message;
        Volatile.Write(ref depths, before with { Outage = new(before.Outage?.Since ?? clock.GetUtcNow(), why) });
    }

    private void Show(uint changes, uint rereads)
    {
        var (before, now) = (Volatile.Read(ref depths), clock.GetUtcNow());
        Volatile.Write(ref depths, new Depths(before.Changes.After(changes, now), before.Rereads.After(rereads, now), null));
    }

    private static async Task<uint> Count(IReadOnlyList<string> queues, IConnection connection, CancellationToken ct)
    {
        uint ready = 0;
        foreach (var queue in queues)
        {
            try
            {
                // The broker closes a channel that asks for a queue that does not exist.
                await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
                ready += (await channel.QueueDeclarePassiveAsync(queue, ct)).MessageCount;
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
            {
                // The service that reads it has not run yet.
            }
        }

        return ready;
    }

    private sealed record Depths(Depth Changes, Depth Rereads, Outage? Outage);

    private readonly record struct Depth(long Ready, DateTimeOffset? NotEmptySince)
    {
        public Depth After(uint ready, DateTimeOffset now) => new(ready, ready == 0 ? null : NotEmptySince ?? now);
    }
}
