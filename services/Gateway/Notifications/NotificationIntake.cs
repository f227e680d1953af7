using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Notifications;

/// <summary>Takes in notifications: what is answered 200 is announced, and the broker has confirmed it.</summary>
internal sealed class NotificationIntake(
    ChannelTokens tokens, Announcements announcements, Receiving receiving, GatewayOptions gateway, ZohoClock clock, TimeProvider time)
{
    /// <summary>What takes longer is answered 503. Zoho: how long it waits for an answer is not said.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="secret">The secret of our addresses, as the address that was called holds it.</param>
    public async Task<Notification> Take(ReadOnlyMemory<byte> body, string? secret)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            var notification = await Read(body, secret, patience.Token);
            if (notification.Status == StatusCodes.Status200OK)
            {
                await announcements.Announce(notification.Ids, new Origin(clock.Now, Activity.Current?.Id)).WaitAsync(patience.Token);
                receiving.Heard(clock.Now);
            }

            return notification;
        }
        catch (Exception)
        {
            // Whatever it was, it is not durable: Zoho is told so, and may not come again, so that it is a gap.
            receiving.Refused(clock.Now);
            return Notification.NotDurable;
        }
    }

    private async Task<Notification> Read(ReadOnlyMemory<byte> body, string? secret, CancellationToken ct)
    {
        var secretGiven = gateway.IsCallbackSecret(secret);
        // As long as nobody knows what time it is at Zoho, no token is too old.
        var now = clock.IsMeasured ? clock.Now : DateTimeOffset.MinValue;
        var notification = Notification.Read(body, await tokens.Current(ct), secretGiven, now);
        // A token may have become ours a moment ago.
        return notification.Status == StatusCodes.Status401Unauthorized
            ? Notification.Read(body, await tokens.Latest(ct), secretGiven, now)
            : notification;
    }
}
