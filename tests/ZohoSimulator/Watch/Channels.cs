using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator.Watch;

/// <summary>The active subscriptions, by channel and module. Expired ones vanish.</summary>
internal sealed class Channels(VirtualClock clock)
{
    private readonly Lock gate = new();
    private IReadOnlyList<Subscription> subscriptions = [];

    public IReadOnlyList<Subscription> Alive
    {
        get
        {
            var now = clock.GetUtcNow();
            var subscriptions = this.subscriptions;
            return subscriptions.All(one => one.Expires > now) ? subscriptions : [.. subscriptions.Where(one => one.Expires > now)];
        }
    }

    public IReadOnlyList<Subscription> Of(string channelId) => [.. Alive.Where(one => one.ChannelId == channelId)];

    /// <summary>Adds a subscription, or replaces the one of the same channel and module.</summary>
    public void Put(Subscription subscription)
    {
        lock (gate)
        {
            var others = Alive.Where(one => one.ChannelId != subscription.ChannelId || one.Module != subscription.Module);
            subscriptions = [.. others, subscription];
        }
    }

    public void Remove(Func<Subscription, bool> which)
    {
        lock (gate)
            subscriptions = [.. Alive.Where(one => !which(one))];
    }
}
