using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Channels;

/// <summary>Opens and renews the channel.</summary>
/// <param name="ExpiresAt">The expiry that Zoho granted.</param>
/// <param name="Reopened">Whether Zoho no longer knew the channel.</param>
internal sealed record ChannelRenewal(DateTimeOffset ExpiresAt, bool Reopened)
{
    /// <param name="wasOpened">Whether Zoho has ever confirmed the channel.</param>
    /// <exception cref="ZohoException">The channel is not open, or its state is unknown.</exception>
    public static async Task<ChannelRenewal> Renew(
        IWatchApi zoho, WatchRequest request, bool wasOpened, DateTimeOffset now, CancellationToken ct)
    {
        var (granted, reopened) = wasOpened
            ? await ReplaceOrOpen(zoho, request, ct)
            : (await Open(zoho, request, ct), false);
        if (granted is null)
        {
            var channel = await zoho.FindChannel(request.ChannelId, ct)
                ?? throw new ZohoException(ZohoErrorKind.Unavailable, "NO_CHANNEL");
            granted = channel.Expiry ?? now + ZohoLimits.LeastChannelLife;
        }

        return new ChannelRenewal(granted.Value, reopened);
    }

    // Zoho removes an expired channel, and answers NOT_SUBSCRIBED when it is replaced. A new POST repairs that.
    private static async Task<(DateTimeOffset?, bool)> ReplaceOrOpen(IWatchApi zoho, WatchRequest request, CancellationToken ct)
    {
        try
        {
            return (await zoho.ReplaceChannel(request, ct), false);
        }
        catch (ZohoException e) when (IsRefusal(e))
        {
            // Zoho has the channel, and refuses to replace it for another reason. To open a channel that Zoho has, the gateway would have
            // to close it first.
            if (e.Code != "NOT_SUBSCRIBED" && await zoho.FindChannel(request.ChannelId, ct) is not null)
                throw;
        }

        return (await Open(zoho, request, ct), true);
    }

    private static async Task<DateTimeOffset?> Open(IWatchApi zoho, WatchRequest request, CancellationToken ct)
    {
        try
        {
            return await zoho.OpenChannel(request, ct);
        }
        catch (ZohoException e) when (IsRefusal(e))
        {
            await Close(zoho, request.ChannelId, ct);
            return await zoho.OpenChannel(request, ct);
        }
    }

    private static async Task Close(IWatchApi zoho, string channelId, CancellationToken ct)
    {
        try
        {
            await zoho.CloseChannel(channelId, ct);
        }
        catch (ZohoException e) when (IsRefusal(e))
        {
            // There was nothing to close. The second attempt at opening decides.
        }
    }

    private static bool IsRefusal(ZohoException e) => e.Kind is ZohoErrorKind.Rejected or ZohoErrorKind.NotFound;
}
