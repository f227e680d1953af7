using System.Net;
using System.Threading.RateLimiting;

namespace LeadSync.ServiceDefaults.Access;

/// <summary>Limits how many wrong tokens, and how many wrong cookies, an address may try within a minute. A person whose cookie has expired
/// is asked to sign in, although somebody behind the same address tries tokens.</summary>
internal sealed class Guesses : IDisposable
{
    private const int Most = 10;

    private readonly PartitionedRateLimiter<(IPAddress, bool IsCookie)> tries = Limit<(IPAddress, bool)>(Most);
    private readonly PartitionedRateLimiter<(IPAddress, int Cookie)> cookies = Limit<(IPAddress, int)>(1);

    /// <summary>Counts a wrong token or cookie.</summary>
    /// <returns>False when the address has to wait.</returns>
    public bool Allow(IPAddress address, Sender sender)
    {
        // After the token was changed, every page that is still open sends the old cookie again and again. A cookie that was wrong before
        // tests nothing, so it counts once.
        if (sender is { Token: null, Cookie: { } cookie }
            && !IsPermitted(cookies, (address, cookie.GetHashCode(StringComparison.Ordinal))))
            return tries.GetStatistics((address, true)) is not { CurrentAvailablePermits: 0 };

        return IsPermitted(tries, (address, sender.Token is null));
    }

    public void Dispose()
    {
        tries.Dispose();
        cookies.Dispose();
    }

    private static bool IsPermitted<T>(PartitionedRateLimiter<T> limiter, T one)
    {
        using var lease = limiter.AttemptAcquire(one);
        return lease.IsAcquired;
    }

    private static PartitionedRateLimiter<T> Limit<T>(int most)
        where T : notnull => PartitionedRateLimiter.Create<T, T>(one => RateLimitPartition.GetFixedWindowLimiter(
            one, _ => new FixedWindowRateLimiterOptions { PermitLimit = most, Window = TimeSpan.FromMinutes(1) }));
}
