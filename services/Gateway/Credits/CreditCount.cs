using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Credits;

/// <summary>Counts what calls cost in this process, and knows what all replicas have spent as of a few seconds ago.</summary>
internal sealed class CreditCount(ZohoOptions options)
{
    // What was said last holds for so long although answers come that say nothing.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private long unrecorded;
    private long recorded;
    private long? remaining;
    private DateTimeOffset saidAt;

    /// <summary>What a call costs that was answered with a status. Zoho: what it refused to do, or could not do, is not among what it charges;
    /// a job costs when it was made.</summary>
    /// <param name="price">The call's, in Zoho's list.</param>
    public static int Price(int price, int status) => status switch
    {
        401 or 429 or >= 500 => 0,
        >= 400 => Math.Min(price, ZohoLimits.CallCredits),
        _ => price,
    };

    /// <summary>What Zoho said last about the organization's credits.</summary>
    public long? Remaining
    {
        get
        {
            lock (gate)
                return remaining;
        }
    }

    /// <summary>Zoho answered a call; what it did not answer costs nothing.</summary>
    /// <param name="credits">What the call cost.</param>
    /// <param name="left">What the answer says is left of the organization's credits, if it does.</param>
    /// <param name="isSuccess">Whether it is one of the answers that would say so.</param>
    public void Answered(int credits, long? left, bool isSuccess, DateTimeOffset now)
    {
        lock (gate)
        {
            unrecorded += credits;
            // Not every endpoint says it; and once more than half are left again, none does.
            if (left is not null || (isSuccess && now - saidAt > Memory))
                (remaining, saidAt) = (left, now);
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
