using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Channels;

/// <summary>Whether Zoho still has the channel as the gateway opened it.</summary>
internal static class ChannelCheck
{
    /// <returns><see cref="ChannelConfirmed"/> or <see cref="ChannelLost"/>.</returns>
    public static object Result(WatchedChannel? channel, AcceptedTokens accepted, string notifyUrl, DateTimeOffset now) =>
        channel is null
            ? new ChannelLost(now, "Zoho does not have the channel")
            : Difference(channel, accepted, notifyUrl, now) is { } difference
                ? new ChannelLost(now, difference)
                // When Zoho says no expiry, the remaining life is unknown, so the channel has to be renewed now.
                : new ChannelConfirmed(now, channel.Expiry ?? now);

    // A part that Zoho does not state counts as equal.
    private static string? Difference(WatchedChannel channel, AcceptedTokens accepted, string notifyUrl, DateTimeOffset now)
    {
        if (channel.Expiry <= now)
            return "Zoho's channel has expired";
        if (channel.Events.Count > 0 && !channel.Events.Contains(ZohoModule.Leads.EveryEvent)
            && ZohoModule.Leads.Events.Except(channel.Events).Any())
            return "Zoho's channel does not report every kind of change";
        if (channel.NotifyUrl is { } url && url != notifyUrl)
            return "Zoho's channel calls another address";
        if (channel.Token is { Length: > 0 } token && !accepted.Include(token, now))
            return "Zoho's channel has another token";

        return null;
    }
}
