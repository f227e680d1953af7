using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Credits;

/// <summary>What Zoho last said about the organization's remaining credits.</summary>
/// <param name="Remaining">Null when its answers no longer state them.</param>
/// <param name="At">This machine's clock.</param>
internal sealed record CreditStatement(long? Remaining, DateTimeOffset At);

/// <summary>Counts the credits of this process's calls. Knows what all replicas had spent a few seconds ago, and what Zoho had said to
/// them.</summary>
internal sealed class CreditCount(ZohoOptions options)
{
    // How long Zoho's last stated remainder is used when later answers state none.
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private long unrecorded;
    private long recorded;
    private CreditStatement? said;

    /// <summary>The price of a call by the status of its answer. Zoho does not charge for what it refused or failed to do, and charges for
    /// a job only when it created one.</summary>
    /// <param name="price">The call's price in Zoho's list.</param>
    public static int Price(int price, int status) => status switch
    {
        401 or 429 or >= 500 => 0,
        >= 400 => Math.Min(price, ZohoLimits.CallCredits),
        _ => price,
    };

    /// <summary>Zoho's last statement to any replica; null when there is none.</summary>
    public CreditStatement? Said
    {
        get
        {
            lock (gate)
                return said;
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
            if (left is not null || (isSuccess && said is { Remaining: not null } && now - said.At > Memory))
                said = new(left, now);
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

    /// <summary>Takes over what Zoho last said to any replica, unless Zoho has said something to this one since.</summary>
    /// <param name="shared">The last statement to any replica.</param>
    /// <param name="known">This replica's statement when <paramref name="shared"/> was read.</param>
    public void Heard(CreditStatement shared, CreditStatement? known)
    {
        lock (gate)
        {
            if (said == known)
                said = shared;
        }
    }
}
