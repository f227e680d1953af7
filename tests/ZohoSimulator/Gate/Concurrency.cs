using LeadSync.ZohoSimulator.Control;

namespace LeadSync.ZohoSimulator.Gate;

/// <summary>The number of calls at once. Zoho: 5 to 25 by edition, 10 of the expensive ones.</summary>
internal sealed class Concurrency(Dials dials, Statistics statistics)
{
    private int _running;
    private int _expensive;

    public int Highest { get; private set; }

    /// <summary>Takes a place for a call until it ends.</summary>
    public IDisposable Enter()
    {
        var place = new Place(() => Interlocked.Decrement(ref _running));
        Take(Interlocked.Increment(ref _running), dials.ConcurrencyInForce, place);
        Highest = Math.Max(Highest, Volatile.Read(ref _running));
        return place;
    }

    /// <summary>Takes an additional place for a call with the lower limit.</summary>
    public IDisposable EnterExpensive()
    {
        var place = new Place(() => Interlocked.Decrement(ref _expensive));
        Take(Interlocked.Increment(ref _expensive), dials.SubConcurrency, place);
        return place;
    }

    private void Take(int running, int limit, Place place)
    {
        if (limit <= 0 || running <= limit)
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
