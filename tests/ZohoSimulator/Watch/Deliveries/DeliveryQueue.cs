using LeadSync.ZohoSimulator.Control;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>Deliveries that wait for their time. The queue is bounded, and loses deliveries when it is full.</summary>
internal sealed class DeliveryQueue(Dials dials, Chance chance, Statistics statistics) : IDisposable
{
    private readonly PriorityQueue<Delivery, (long Due, long Sequence)> queue = new();
    private readonly Lock gate = new();
    private readonly SemaphoreSlim added = new(0, 1);
    private long sequence;

    public int Count
    {
        get
        {
            lock (gate)
                return queue.Count;
        }
    }

    public void Add(Delivery delivery)
    {
        lock (gate)
        {
            if (queue.Count >= dials.DeliveryQueueLimit)
            {
                statistics.Counted("deliveries.overflowed");
                return;
            }

            queue.Enqueue(delivery, (delivery.Due, sequence++));
            Wake();
        }
    }

    /// <summary>Makes all waiting deliveries due now.</summary>
    public void Release()
    {
        lock (gate)
        {
            var waiting = queue.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element).ToList();
            queue.Clear();
            waiting.ForEach(delivery => queue.Enqueue(delivery, (0, sequence++)));
            Wake();
        }
    }

    /// <summary>Loses all waiting deliveries.</summary>
    public void Clear()
    {
        lock (gate)
            queue.Clear();
    }

    /// <summary>Waits for the next due delivery, and joins it with later ones when deliveries have several ids.</summary>
    public async Task<Delivery> TakeAsync(CancellationToken stop)
    {
        while (true)
        {
            var wait = Timeout.InfiniteTimeSpan;
            lock (gate)
            {
                if (queue.TryPeek(out _, out var next))
                {
                    wait = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), next.Due);
                    if (wait <= TimeSpan.Zero)
                        return Joined(queue.Dequeue());
                }
            }

            await added.WaitAsync(wait, stop);
        }
    }

    public void Dispose() => added.Dispose();

    private void Wake()
    {
        if (added.CurrentCount == 0)
            added.Release();
    }

    private Delivery Joined(Delivery first)
    {
        if (dials.DeliveryIds <= 1)
            return first;

        var most = 1 + chance.Below(dials.DeliveryIds);
        var now = TimeProvider.System.GetTimestamp();
        while (first.Events.Count < most && queue.TryPeek(out var next, out var when) && when.Due <= now && first.CanJoin(next))
            first = first with { Events = [.. first.Events, .. queue.Dequeue().Events] };
        return first;
    }
}
