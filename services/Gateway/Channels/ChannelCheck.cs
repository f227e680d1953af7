using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Apis;

namespace LeadSync.Gateway.Channels;

/// <summary>Whether Zoho still has the channel as the gateway opened it.</summary>
internal static class ChannelCheck
{
    /// <returns>What is wrong with Zoho's channel, in one sentence; null when nothing is. A part that Zoho does not state counts as
    /// equal.</returns>
    public static string? Problem(WatchedChannel? channel, AcceptedTokens accepted, string notifyUrl, DateTimeOffset now)
    {
        if (channel is null)
            return "Zoho does not have the channel";
        if (channel.Expiry <= now)
            return "Zoho's channel has expired";
        if (channel.Events.Count > 0 && !channel.Events.Contains(ZohoModule.Leads.EveryEvent, StringComparer.OrdinalIgnoreCase)
            && ZohoModule.Leads.Events.Except(channel.Events, StringComparer.OrdinalIgnoreCase).Any())
            return "Zoho's channel does not report every kind of change";
        if (channel.NotifyUrl is { } url && !IsSame(url, notifyUrl))
            return "Zoho's channel calls another address";
        if (channel.Token is { Length: > 0 } token && !accepted.Include(token, now))
            return "Zoho's channel has another token";

        return null;
    }

    // Zoho may write the address without its query, which holds the secret, or write it in another way.
    private static bool IsSame(string shown, string ours)
    {
        if (shown == ours)
            return true;

        return Uri.TryCreate(shown, UriKind.Absolute, out var there) && Uri.TryCreate(ours, UriKind.Absolute, out var here)
            && there.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.Unescaped).TrimEnd('/')
                == here.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.Unescaped).TrimEnd('/')
            && (there.Query.Length == 0 || there.Query == here.Query);
    }
}
