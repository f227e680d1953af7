using LeadSync.ZohoSimulator.Control;

namespace LeadSync.ZohoSimulator.Watch.Deliveries;

/// <summary>Deliveries that wait for their time. The queue is bounded, and loses deliveries when it is full.</summary>
internal sealed class DeliveryQueue(Dials dials, Chance chance, Statistics statistics) : IDisposable
{
    private readonly PriorityQueue<Delivery, (long Due, long Sequence)> _waiting = new();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _added = new(0, 1);
    private long _sequence;

    public int Count
    {
        get
        {
            lock (_lock)
                return _waiting.Count;
        }
    }

    public void Add(Delivery delivery)
    {
        lock (_lock)
        {
            if (_waiting.Count >= dials.DeliveryQueueLimit)
            {
                statistics.Counted("deliveries.overflowed");
                return;
            }

            _waiting.Enqueue(delivery, (delivery.Due, _sequence++));
            Wake();
        }
    }

    /// <summary>Makes all waiting deliveries due now.</summary>
    public void Release()
    {
        lock (_lock)
        {
            var waiting = _waiting.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element).ToList();
            _waiting.Clear();
            waiting.ForEach(delivery => _waiting.Enqueue(delivery, (0, _sequence++)));
            Wake();
        }
    }

    /// <summary>Loses all waiting deliveries.</summary>
    public void Clear()
    {
        lock (_lock)
            _waiting.Clear();
    }

    /// <summary>Waits for the next due delivery, and joins it with later ones when deliveries have several ids.</summary>
    public async Task<Delivery> TakeAsync(CancellationToken stop)
    {
        while (true)
        {
            var wait = Timeout.InfiniteTimeSpan;
            lock (_lock)
            {
                if (_waiting.TryPeek(out _, out var next))
                {
                    wait = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), next.Due);
                    if (wait <= TimeSpan.Zero)
                        return Joined(_waiting.Dequeue());
                }
            }

            await _added.WaitAsync(wait, stop);
        }
    }

    public void Dispose() => _added.Dispose();

    private void Wake()
    {
        if (_added.CurrentCount == 0)
            _added.Release();
    }

    private Delivery Joined(Delivery first)
    {
        if (dials.DeliveryIds <= 1)
            return first;

        var most = 1 + chance.Below(dials.DeliveryIds);
        var now = TimeProvider.System.GetTimestamp();
        while (first.Events.Count < most && _waiting.TryPeek(out var next, out var when) && when.Due <= now && first.CanJoin(next))
            first = first with { Events = [.. first.Events, .. _waiting.Dequeue().Events] };
        return first;
    }
}
