using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Simulation.Services;

namespace LeadSync.Simulation.Model;

internal enum Queue
{
    Announcements, LeadsInQuestion, LookAgain, LookAgainInQuestion, CatchUps, StartBulkReads, BulkJobChecks, ChannelRenewals, ChannelChecks,
    LeadChanges, LeadsReread, BulkPages, CatchUpPages, Comparisons, SyncEvents,
}

internal sealed record Envelope(object Message, Queue Queue, DateTimeOffset Due, bool Redelivered = false, int Attempt = 0);

/// <summary>RabbitMQ: at-least-once delivery in any order, sometimes twice or hours late.</summary>
internal sealed class Broker(World world)
{
    private const int Batch = 5;

    private readonly List<Envelope> ready = [];
    private readonly Dictionary<string, int> announced = [];
    private readonly List<Envelope> copies = [];

    public DateTimeOffset DownUntil { get; set; }

    public bool IsDown => !world.IsQuiet && world.Now < DownUntil;

    public bool IsEmpty => ready.Count == 0;

    public DateTimeOffset? NextDue => ready.Count == 0 ? null : ready.Min(envelope => envelope.Due);

    /// <summary>How many announcements of a lead the broker has accepted.</summary>
    public int Announced(string id) => announced.GetValueOrDefault(id);

    /// <summary>Publishes with a confirm, which may get lost.</summary>
    /// <param name="takesTime">Whether other steps may happen meanwhile.</param>
    public async Task Publish(Process from, object message, CancellationToken ct, bool takesTime = true)
    {
        if (takesTime)
            await Send(from, message, ct);
        if (IsAway() || world.Strikes(Disturbance.PublishFails, world.Profile.BrokerFails))
            throw new AwayException("the broker is down");

        Accept(from, message);
        if (world.Strikes(Disturbance.ConfirmLost, world.Profile.BrokerFails))
            throw new AwayException("a confirm was lost");
    }

    private async Task Send(Process from, object message, CancellationToken ct)
    {
        try
        {
            await world.Step(from, "publishes", ct);
        }
        catch (OperationCanceledException)
        {
            world.Struck(Disturbance.PublishTooLate);
            // The message was in transit.
            if (!IsDown && world.Sometimes(50))
                Accept(from, message);
            throw;
        }
    }

    private void Accept(Process from, object message)
    {
        if (world.Seams.Published(message, world.Now) is not { } sent)
            return;

        world.Trace($"{from.Name} → {sent}");
        world.Invariants.Published(sent);
        foreach (var id in sent is LeadsAnnounced announcement ? announcement.Ids : [])
            announced[id] = Announced(id) + 1;
        foreach (var queue in QueuesOf(sent))
            Enqueue(new Envelope(sent, queue, world.Now + Delay()));
    }

    public void Enqueue(Envelope envelope)
    {
        ready.Add(envelope);
        if (world.Strikes(Disturbance.MessageTwice, world.Profile.MessagesTwice))
        {
            world.Invariants.Doubled(envelope.Message);
            ready.Add(envelope with { Due = envelope.Due + Delay() });
        }
        // When the gateway asks again about a missing lead, Zoho may answer again that it is gone, which is a new observation.
        if (copies.Count < 16 && envelope.Message is not (LeadsAnnounced or LeadsInQuestion or LookAgain or LookAgainInQuestion)
            && world.Sometimes(envelope.Message is LeadsChanged or LeadsReread ? 40 : 6))
            copies.Add(envelope);
    }

    /// <summary>Takes back unacknowledged messages.</summary>
    public void Return(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes)
        {
            world.Struck(Disturbance.MessageRedelivered);
            ready.Add(
                envelope with
                {
                    Redelivered = true, Attempt = envelope.Attempt + 1, Due = world.Now + TimeSpan.FromSeconds(envelope.Attempt > 0 ? 5 : 0)
                });
        }
    }

    /// <summary>Replays everything that is parked: messages go back into their queues, and the gateway reads leads again.</summary>
    public void Replay(ParkedRows parked)
    {
        var (leads, messages) = parked.Take();
        if (leads.Count > 0)
            Enqueue(new Envelope(new LeadsAnnounced(leads, Source.CatchUp, world.Now), Queue.Announcements, world.Now));
        foreach (var message in messages)
            Enqueue(message with { Due = world.Now, Redelivered = false, Attempt = 0 });
    }

    /// <summary>Delivers old messages once more.</summary>
    public void Repeat()
    {
        foreach (var copy in copies)
        {
            world.Invariants.Doubled(copy.Message);
            ready.Add(copy with { Due = world.Now });
        }
    }

    /// <summary>Delivers a message that is due to a replica of its consumer.</summary>
    public bool Deliver()
    {
        if (ready.Count == 0 || IsDown)
            return false;

        var offset = world.Chance.Below(ready.Count);
        for (var tried = 0; tried < ready.Count; tried++)
        {
            var index = (offset + tried) % ready.Count;
            if (ready[index].Due > world.Now || Consumer(ready[index].Queue) is not { } consumer)
                continue;

            foreach (var envelope in Take(index))
                _ = consumer.Consume(world.Seams.Delivered(envelope));
            return true;
        }

        return false;
    }

    private bool IsAway()
    {
        if (IsDown)
            world.Struck(Disturbance.BrokerDown);
        return IsDown;
    }

    private List<Envelope> Take(int index)
    {
        var first = ready[index];
        ready.RemoveAt(index);
        List<Envelope> batch = [first];
        var isGathered = first.Queue is Queue.Announcements or Queue.LeadsInQuestion or Queue.LeadChanges or Queue.LeadsReread;
        var size = isGathered ? 1 + world.Chance.Below(Batch) : 1;
        for (var next = 0; next < ready.Count && batch.Count < size; next++)
        {
            if (ready[next].Queue != first.Queue || ready[next].Due > world.Now)
                continue;

            batch.Add(ready[next]);
            ready.RemoveAt(next--);
        }

        return batch;
    }

    private Process? Consumer(Queue queue)
    {
        IReadOnlyList<Process> replicas = queue switch
        {
            Queue.SyncEvents => world.Schedulers,
            Queue.LeadChanges or Queue.LeadsReread or Queue.BulkPages or Queue.CatchUpPages or Queue.Comparisons => world.Projectors,
            _ => world.Gateways,
        };
        var one = replicas[world.Chance.Below(replicas.Count)];
        var consumer = one.IsUp ? one : replicas.FirstOrDefault(replica => replica.IsUp);
        return queue switch
        {
            // The queue has a single active consumer, which takes one message at a time.
            Queue.ChannelRenewals => replicas.Any(replica => replica.Holds(queue)) ? null : consumer,
            Queue.BulkPages or Queue.SyncEvents => consumer?.Holds(queue) == true ? null : consumer,
            _ => consumer,
        };
    }

    private TimeSpan Delay()
    {
        if (!world.Strikes(Disturbance.MessageLate, world.Profile.MessagesLate))
            return TimeSpan.Zero;

        return world.Chance.Seconds(world.Chance.Of(20, 600, 6 * 3600));
    }

    private static Queue[] QueuesOf(object message) => message switch
    {
        LeadsAnnounced => [Queue.Announcements],
        LeadsInQuestion => [Queue.LeadsInQuestion],
        LookAgain => [Queue.LookAgain],
        LookAgainInQuestion => [Queue.LookAgainInQuestion],
        LeadsChanged => [Queue.LeadChanges],
        LeadsReread => [Queue.LeadsReread],
        CatchUpPageReady => [Queue.CatchUpPages],
        BulkPageReady => [Queue.BulkPages, Queue.SyncEvents],
        CompareLeads => [Queue.Comparisons],
        CatchUp => [Queue.CatchUps],
        StartBulkRead => [Queue.StartBulkReads],
        CheckBulkJob => [Queue.BulkJobChecks],
        RenewChannel => [Queue.ChannelRenewals],
        CheckChannel => [Queue.ChannelChecks],
        _ => [Queue.SyncEvents],
    };
}
