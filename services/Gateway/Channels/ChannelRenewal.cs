using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Channels;

/// <summary>How the channel is opened and renewed.</summary>
/// <param name="ExpiresAt">What Zoho granted.</param>
/// <param name="Reopened">Whether Zoho did not know the channel that was to be renewed.</param>
internal sealed record ChannelRenewal(DateTimeOffset ExpiresAt, bool Reopened)
{
    /// <param name="wasOpened">Whether Zoho has ever confirmed the channel.</param>
    /// <exception cref="ZohoException">It is not open, or nobody knows.</exception>
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

    // Zoho: an expired channel is removed, and replacing it answers NOT_SUBSCRIBED; a new POST is the repair.
    private static async Task<(DateTimeOffset?, bool)> ReplaceOrOpen(IWatchApi zoho, WatchRequest request, CancellationToken ct)
    {
        try
        {
            return (await zoho.ReplaceChannel(request, ct), false);
        }
        catch (ZohoException e) when (IsRefusal(e))
        {
            // One that Zoho has is not replaced for another reason; opening it anew would have to begin with closing it.
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
            // Nothing to close; the second attempt at opening tells.
        }
    }

    private static bool IsRefusal(ZohoException e) => e.Kind is ZohoErrorKind.Rejected or ZohoErrorKind.NotFound;
}
