using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Credits;

/// <summary>Counts the credits of this process's calls, and knows what all replicas had spent a few seconds ago.</summary>
internal sealed class CreditCount(ZohoOptions options)
{
    // How long Zoho's last stated remainder is used when later answers state none.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private readonly Lock gate = new();
    private long unrecorded;
    private long recorded;
    private long? remaining;
    private DateTimeOffset saidAt;

    /// <summary>The price of a call by the status of its answer. Zoho does not charge for what it refused or failed to do; a job costs when
    /// it was created.</summary>
    /// <param name="price">The call's price in Zoho's list.</param>
    public static int Price(int price, int status) => status switch
    {
        401 or 429 or >= 500 => 0,
        >= 400 => Math.Min(price, ZohoLimits.CallCredits),
        _ => price,
    };

    /// <summary>The organization's remaining credits, by Zoho's last statement.</summary>
    public long? Remaining
    {
        get
        {
            lock (gate)
                return remaining;
        }
    }

    /// <summary>Zoho answered a call. A call without an answer costs nothing.</summary>
    /// <param name="credits">The call's price.</param>
    /// <param name="left">The organization's remaining credits, if the answer states them.</param>
    /// <param name="isSuccess">Whether the answer is of a kind that states them.</param>
    public void Answered(int credits, long? left, bool isSuccess, DateTimeOffset now)
    {
        lock (gate)
        {
            unrecorded += credits;
            // Not every endpoint states the remaining credits. No endpoint does while more than half are left.
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

    /// <summary>Takes the credits that are not recorded yet. The caller records them or puts them back.</summary>
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

    /// <param name="used">The credits that all replicas have spent.</param>
    public void Recorded(long used)
    {
        lock (gate)
            recorded = used;
    }
}
