using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator.Gate;

/// <summary>API credits of the last 24 hours. Zoho: most calls cost 1, a bulk read job 50.</summary>
internal sealed class Credits(Dials dials, VirtualClock clock)
{
    private readonly Queue<(long Minute, int Credits)> earlierMinutes = new();
    private readonly Lock gate = new();
    private int used;
    private int minuteUsed;
    private long minute;

    /// <summary>The credits used since the start.</summary>
    public long Total { get; private set; }

    public int Used
    {
        get
        {
            lock (gate)
            {
                Forget();
                return used;
            }
        }
    }

    public void Charge(int credits)
    {
        lock (gate)
        {
            Forget();
            if (dials.CreditsEnforced && used + credits > dials.CreditsInForce)
                throw Throttle.Error(dials, "You have exhausted your API credits. Please try again later.");

            used += credits;
            minuteUsed += credits;
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
        if (now != minute)
        {
            earlierMinutes.Enqueue((minute, minuteUsed));
            (minute, minuteUsed) = (now, 0);
        }

        while (earlierMinutes.TryPeek(out var oldest) && oldest.Minute <= now - (24 * 60))
            used -= earlierMinutes.Dequeue().Credits;
    }
}
