using System.Buffers.Text;
using System.Security.Cryptography;
using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Channels;

/// <summary>The subscription to Zoho's notifications: one channel. Every renewal brings a new token, which the gateway accepts before it
/// sends it to Zoho.</summary>
internal sealed partial class Subscription(
    IWatchApi zoho, IRecordsApi records, IChannelStore store, IReceivingRecord receiving, GatewayOptions gateway, Publish publish,
    ZohoClock zohoClock, ILogger<Subscription> log)
{
    // When a renewal takes Zoho long, the channel expires later than the gateway asked for.
    private static readonly TimeSpan AcceptedAfterExpiry = TimeSpan.FromHours(1);

    // Notifications with the earlier token are still under way when Zoho has the new one.
    private static readonly TimeSpan OldTokenLife = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    public async Task Renew(RenewChannel renew, CancellationToken ct)
    {
        var channel = await store.Get(ct);
        // Zoho: at most 50 characters.
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        var hash = AcceptedTokens.Hash(token);
        try
        {
            var renewedAt = await zohoClock.Ask(zoho, ct);
            if (channel.LastRenewal is { } last && last.RenewedAt > renew.After && last.ExpiresAt > renewedAt)
            {
                await publish(last, ct);
                return;
            }

            var expiry = renewedAt + renew.Lifetime;
            await store.Accept(hash, expiry + AcceptedAfterExpiry, ct);
            var request = new WatchRequest(channel.Id, token, gateway.NotifyUrl, expiry);
            var renewal = await ChannelRenewal.Renew(zoho, request, channel.WasOpened, renewedAt, ct);
            var renewed = new ChannelRenewed(channel.Id, renewedAt, renewal.ExpiresAt, renewal.Reopened);
            await store.Replace(hash, renewed, zohoClock.Now, OldTokenLife, ct);
            WarnOfShortLife(renew.Lifetime, renewal.ExpiresAt - renewedAt);
            await publish(renewed, ct);
        }
        catch (ZohoException e)
        {
            // Zoho may have accepted the token although the call failed, so the gateway accepts it together with the earlier ones.
            Failed(e.Message);
            await publish(new ChannelRenewalFailed(e.Message), ct);
        }
    }

    public async Task Check(CheckChannel check, CancellationToken ct)
    {
        var accepted = await store.Accepted(ct);
        try
        {
            var checkedAt = await zohoClock.Ask(zoho, ct);
            var channel = await zoho.FindChannel(accepted.ChannelId, ct);
            if (ChannelCheck.Problem(channel, accepted, gateway.NotifyUrl, checkedAt) is { } problem)
            {
                await publish(new ChannelLost(checkedAt, problem), ct);
                return;
            }

            // When Zoho states no expiry, the channel may expire at any time, so it has to be renewed now.
            var confirmed = new ChannelConfirmed(checkedAt, channel!.Expiry ?? checkedAt);
            await publish(check.Listen ? await JudgeSilence(confirmed, ct) : confirmed, ct);
        }
        catch (ZohoException e)
        {
            // The state of the channel is unknown. The next check may know more.
            NotChecked(e.Message);
        }
    }

    /// <summary>Finds out whether leads were modified that no notification announced. While notifications arrive, Zoho need not be
    /// asked.</summary>
    private async Task<ChannelConfirmed> JudgeSilence(ChannelConfirmed confirmed, CancellationToken ct)
    {
        var announcedBy = confirmed.CheckedAt - ZohoLimits.NotificationDelay;
        if (await receiving.LastHeard(ct) is not { } heardAt)
            return confirmed;
        if (heardAt >= announcedBy)
            return confirmed with { HeardAt = heardAt };

        try
        {
            var since = announcedBy - Window;
            var page = await records.ListModified(heardAt > since ? heardAt : since, 1, ct);
            return confirmed with
            {
                HeardAt = heardAt,
                LatestModification = page.Leads.Max(lead => lead.ModifiedTime < announcedBy ? lead.ModifiedTime : null),
            };
        }
        catch (ZohoException e)
        {
            NotChecked(e.Message);
            return confirmed with { HeardAt = heardAt };
        }
    }

    private void WarnOfShortLife(TimeSpan asked, TimeSpan granted)
    {
        if (granted < asked * 0.9)
            ShortLife(asked, granted);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The channel was not renewed: {Reason}")]
    private partial void Failed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Zoho grants the channel {Granted} where {Asked} were asked for, maybe because that is too long: lower Scheduler__ChannelLifetime")]
    private partial void ShortLife(TimeSpan asked, TimeSpan granted);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The channel could not be checked: {Reason}")]
    private partial void NotChecked(string reason);
}
