using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>Takes in notifications: what is answered 200 is announced, and the broker has confirmed it.</summary>
internal sealed class NotificationIntake(
    ChannelTokens tokens, Announcements announcements, Receiving receiving, GatewayOptions gateway, Publish publish, IWatchApi watch,
    ZohoClock zohoClock, TimeProvider clock)
{
    // More than these at once are read together, by a catch-up: in bulk, if that costs less.
    private const int MostAnnounced = 1_000;

    // What was changed while a mass update went on belongs to it.
    private static readonly TimeSpan MassMargin = TimeSpan.FromMinutes(10);

    /// <summary>What takes longer is answered 503. Zoho: how long it waits for an answer is not said.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="secret">The secret of our addresses, as the address that was called holds it.</param>
    public async Task<Notification> Take(ReadOnlyMemory<byte> body, string? secret)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            var notification = await Read(body, secret, patience.Token);
            if (notification.Status == StatusCodes.Status200OK)
            {
                await Announce(notification.Ids, patience.Token);
                // Our own clock, however wrong, would say for hours that Zoho is still heard.
                if (zohoClock.IsMeasured)
                    receiving.Heard(zohoClock.Now);
            }

            return notification;
        }
        catch (Exception)
        {
            // Whatever it was, it is not durable: Zoho is told so, and may not come again, so that it is a gap.
            receiving.Refused(clock.GetUtcNow());
            return Notification.NotDurable;
        }
    }

    /// <summary>How many bytes of a body are read.</summary>
    public int Limit(string? secret) => gateway.IsCallbackSecret(secret) ? RequestBody.LargeLimit : RequestBody.SmallLimit;

    /// <summary>A body could not be read. Zoho is not known to send anything twice: what it sent is to be caught up.</summary>
    public void NotRead(string? secret)
    {
        if (gateway.IsCallbackSecret(secret))
            receiving.Refused(clock.GetUtcNow());
    }

    private async Task Announce(IReadOnlyList<string> ids, CancellationToken ct)
    {
        if (ids.Count <= MostAnnounced)
        {
            await announcements.Announce(ids, new Origin(zohoClock.Now, Activity.Current?.Id)).WaitAsync(ct);
            return;
        }

        // A gap is a stretch of Zoho's time.
        var now = await zohoClock.Ask(watch, ct);
        var cause = $"More than {MostAnnounced:N0} leads changed at once: they are read together.";
        await publish(new GapDetected(cause, now - MassMargin, now, GapKind.ManyAtOnce), ct);
    }

    private async Task<Notification> Read(ReadOnlyMemory<byte> body, string? secret, CancellationToken ct)
    {
        var secretGiven = gateway.IsCallbackSecret(secret);
        // As long as nobody knows what time it is at Zoho, no token is too old.
        var now = zohoClock.IsMeasured ? zohoClock.Now : DateTimeOffset.MinValue;
        var notification = Notification.Read(body, await tokens.Current(ct), secretGiven, now);
        // A token may have become ours a moment ago.
        return notification.Status == StatusCodes.Status401Unauthorized
            ? Notification.Read(body, await tokens.Latest(ct), secretGiven, now)
            : notification;
    }
}
