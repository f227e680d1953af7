using System.Text;
using LeadSync.Gateway.Zoho.Apis;

namespace LeadSync.Simulation.Model;

internal sealed partial class ZohoModel
{
    private readonly List<Notification> notifications = [];

    public WatchRequest? Channel { get; set; }

    public DateTimeOffset Expiry { get; private set; }

    public bool HasChannel => Channel is not null && world.Now < Expiry;

    public bool HasNotifications => notifications.Count > 0;

    public DateTimeOffset? NextNotification => notifications.Count == 0 ? null : notifications.Min(notification => notification.Due);

    /// <returns>The granted expiry: Zoho turns an expiry that is too far away into one hour.</returns>
    public DateTimeOffset Subscribe(WatchRequest request)
    {
        Channel = request;
        var most = world.Profile.GrantedLife;
        Expiry = request.Expiry <= world.Now + most + TimeSpan.FromMinutes(5) ? request.Expiry : world.Now + TimeSpan.FromHours(1);
        Expiry = ZohoLead.Second(Expiry);
        return Expiry;
    }

    /// <summary>
    /// Sends a due notification to any gateway that the load balancer believes to run. If it does not run, the notification is lost.
    /// </summary>
    public bool DeliverNotification()
    {
        var index = notifications.FindIndex(notification => notification.Due <= world.Now);
        if (index < 0)
            return false;

        index = world.Chance.Percent(50) ? index : notifications.FindLastIndex(notification => notification.Due <= world.Now);
        var notification = notifications[index];
        if (!world.Strikes(Disturbance.NotificationTwice, 5))
            notifications.RemoveAt(index);
        var believed = world.Gateways.Where(gateway => gateway.IsSentTo).ToList();
        var gateway = world.Chance.OneOf(believed.Count > 0 ? believed : world.Gateways);
        world.Trace($"Zoho notifies {(gateway.IsReady ? gateway.Name : "nobody")}: {notification.Text}");
        if (gateway.IsReady)
            _ = gateway.Receive(notification.Body, notification.Ids, notification.Token, notification.SentAt);
        else
        {
            world.Struck(Disturbance.NotificationToNobody);
            world.Invariants.NotReceived(world.Now);
        }

        return true;
    }

    private void Notify(string operation, params IReadOnlyList<string> ids)
    {
        world.Trace($"{operation} {string.Join(' ', ids)}");
        if (!HasChannel || ids.Count == 0 || world.Strikes(Disturbance.NotificationLost, world.Profile.NotificationsLost))
            return;

        var due = world.Now + (world.Strikes(Disturbance.NotificationLate, world.Profile.NotificationsLate)
            ? world.Chance.Seconds(world.Chance.Of(30, 900, 5 * 3600))
            : world.Chance.Seconds(2));
        var text = $"{operation} {string.Join(' ', ids)}";
        var body = Encoding.UTF8.GetBytes(
            $$"""
            {"module":"Leads","ids":["{{string.Join("\",\"", ids)}}"],"operation":"{{operation}}",
             "channel_id":"{{Channel!.ChannelId}}","token":"{{Channel.Token}}"}
            """);
        notifications.Add(new(body, text, ids, Channel.Token, world.Now, due));
    }

    private sealed record Notification(
        byte[] Body, string Text, IReadOnlyList<string> Ids, string Token, DateTimeOffset SentAt, DateTimeOffset Due);
}
