using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Credits;

/// <summary>Counts what calls cost in this process, and knows what all replicas have spent as of a few seconds ago.</summary>
internal sealed class CreditCount(ZohoOptions options)
{
    private readonly Lock gate = new();
    private long unrecorded;
    private long recorded;
    private long? remaining;

    /// <summary>What Zoho said last about the organization's credits.</summary>
    public long? Remaining
    {
        get
        {
            lock (gate)
                return remaining;
        }
    }

    /// <param name="credits">The call's price.</param>
    /// <param name="left">What Zoho's answer says is left of the organization's credits, if it does.</param>
    public void Spend(int credits, long? left)
    {
        lock (gate)
        {
            unrecorded += credits;
            remaining = left;
        }
    }

    /// <summary>Whether the day's budget is used up.</summary>
    public bool IsUsedUp
    {
        get
        {
            lock (gate)
                return recorded + unrecorded >= options.DailyCredits;
        }
    }

    /// <summary>What is to be recorded. Whoever takes it records it or puts it back.</summary>
    public long Take()
    {
        lock (gate)
        {
            var taken = unrecorded;
            unrecorded = 0;
            return taken;
        }
    }

    public void PutBack(long taken)
    {
        lock (gate)
            unrecorded += taken;
    }

    /// <param name="used">What all replicas have spent.</param>
    public void Recorded(long used)
    {
        lock (gate)
            recorded = used;
    }
}
