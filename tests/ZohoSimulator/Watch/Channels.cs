using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator.Watch;

/// <summary>The active subscriptions, by channel and module. Expired ones vanish.</summary>
internal sealed class Channels(VirtualClock clock)
{
    private readonly Lock _lock = new();
    private IReadOnlyList<Subscription> _subscriptions = [];

    public IReadOnlyList<Subscription> Alive
    {
        get
        {
            var now = clock.GetUtcNow();
            var subscriptions = _subscriptions;
            return subscriptions.All(one => one.Expires > now) ? subscriptions : [.. subscriptions.Where(one => one.Expires > now)];
        }
    }

    public IReadOnlyList<Subscription> Of(string channelId) => [.. Alive.Where(one => one.ChannelId == channelId)];

    /// <summary>Adds a subscription, or replaces the one of the same channel and module.</summary>
    public void Put(Subscription subscription)
    {
        lock (_lock)
        {
            var others = Alive.Where(one => one.ChannelId != subscription.ChannelId || one.Module != subscription.Module);
            _subscriptions = [.. others, subscription];
        }
    }

    public void Remove(Func<Subscription, bool> which)
    {
        lock (_lock)
            _subscriptions = [.. Alive.Where(one => !which(one))];
    }
}
