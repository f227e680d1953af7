using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator.Gate;

/// <summary>API credits of the last 24 hours. Zoho: most calls cost 1, a bulk read job 50.</summary>
internal sealed class Credits(Dials dials, VirtualClock clock)
{
    private readonly Queue<(long Minute, int Credits)> _day = new();
    private readonly Lock _lock = new();
    private int _used;
    private int _minuteUsed;
    private long _minute;

    /// <summary>The credits used since the start.</summary>
    public long Total { get; private set; }

    public int Used
    {
        get
        {
            lock (_lock)
            {
                Forget();
                return _used;
            }
        }
    }

    public void Charge(int credits)
    {
        lock (_lock)
        {
            Forget();
            if (dials.CreditsEnforced && _used + credits > dials.CreditsInForce)
                throw Throttle.Error(dials, "You have exhausted your API credits. Please try again later.");

            _used += credits;
            _minuteUsed += credits;
            Total += credits;
        }
    }

    /// <summary>Zoho: the header appears once half of the day's credits are used.</summary>
    public void ShowRemaining(IHeaderDictionary headers)
    {
        if (Used * 2L >= dials.CreditsInForce)
            headers["X-API-CREDITS-REMAINING"] = $"{Math.Max(0, dials.CreditsInForce - Used)}";
    }

    private void Forget()
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (now != _minute)
        {
            _day.Enqueue((_minute, _minuteUsed));
            (_minute, _minuteUsed) = (now, 0);
        }

        while (_day.TryPeek(out var oldest) && oldest.Minute <= now - (24 * 60))
            _used -= _day.Dequeue().Credits;
    }
}
