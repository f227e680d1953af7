using LeadSync.ZohoSimulator.Control;

namespace LeadSync.ZohoSimulator.Gate;

/// <summary>The number of calls at once. Zoho: 5 to 25 by edition, 10 of the expensive ones.</summary>
internal sealed class Concurrency(Dials dials, Statistics statistics)
{
    private int running;
    private int expensive;

    public int Highest { get; private set; }

    /// <summary>Takes a place for a call until it ends.</summary>
    public IDisposable Enter()
    {
        var place = new Place(() => Interlocked.Decrement(ref running));
        Take(Interlocked.Increment(ref running), dials.ConcurrencyInForce, place);
        Highest = Math.Max(Highest, Volatile.Read(ref running));
        return place;
    }

    /// <summary>Takes an additional place for a call with the lower limit.</summary>
    public IDisposable EnterExpensive()
    {
        var place = new Place(() => Interlocked.Decrement(ref expensive));
        Take(Interlocked.Increment(ref expensive), dials.SubConcurrency, place);
        return place;
    }

    private void Take(int taken, int limit, Place place)
    {
        if (limit <= 0 || taken <= limit)
            return;

        place.Dispose();
        statistics.Counted("calls.tooManyAtOnce");
        throw Throttle.Error(dials, "You have exceeded the number of concurrent calls.");
    }

    private sealed class Place(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}
