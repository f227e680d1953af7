using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>Serves the address to which Zoho posts notifications of changed leads. A body never reaches a log.</summary>
internal static class NotificationEndpoint
{
    public static async Task<IResult> Receive(HttpContext http, string? k, NotificationIntake intake)
    {
        var (body, refusal) = await RequestBody.Read(http.Request, intake.Limit(k));
        if (refusal is not null)
            intake.NotRead(k);
        var result = refusal ?? Answer(http.Response, await intake.Take(body!, k));
        GatewayMetrics.Notification((result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK);
        return result;
    }

    private static IResult Answer(HttpResponse response, Notification notification)
    {
        if (notification.Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = "5";
        return notification.Problem is { } problem
            ? Results.Text(problem, statusCode: notification.Status)
            : Results.StatusCode(notification.Status);
    }
}

/// <summary>Takes in notifications. A notification is answered 200 only after the broker has confirmed its announcement.</summary>
internal sealed class NotificationIntake(
    ChannelTokens tokens, Announcements announcements, Receiving receiving, GatewayOptions gateway, Publish publish, IWatchApi watch,
    ZohoClock zohoClock, TimeProvider clock)
{
    // A notification with more leads is a gap. A catch-up reads its leads, in bulk if that costs less.
    private const int MostAnnounced = 1_000;

    // A mass update takes minutes, so the gap begins before its notification.
    private static readonly TimeSpan MassMargin = TimeSpan.FromMinutes(10);

    /// <summary>A notification that takes longer is answered 503. Zoho does not document how long it waits for an answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="secret">The secret in the called address; null without one.</param>
    public async Task<Notification> Take(ReadOnlyMemory<byte> body, string? secret)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            var notification = await Read(body, secret, patience.Token);
            if (notification.Status == StatusCodes.Status200OK)
            {
                await Announce(notification.Ids, patience.Token);
                // Only by Zoho's clock: while this machine's clock is hours ahead, a silent channel would not be noticed for hours.
                if (zohoClock.IsMeasured)
                    receiving.RecordAccepted(zohoClock.Now);
            }

            return notification;
        }
        catch (Exception)
        {
            // The notification is not durable, whatever failed. Zoho is answered 503, and may not send it again, so a gap covers it.
            receiving.RecordRefused(clock.GetUtcNow());
            return Notification.NotDurable;
        }
    }

    /// <summary>The greatest size of a body, in bytes.</summary>
    public int Limit(string? secret) => gateway.IsCallbackSecret(secret) ? RequestBody.LargeLimit : RequestBody.SmallLimit;

    /// <summary>Records that a body could not be read. Zoho is not known to send a notification twice, so a gap covers it.</summary>
    public void NotRead(string? secret)
    {
        if (gateway.IsCallbackSecret(secret))
            receiving.RecordRefused(clock.GetUtcNow());
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
        // While Zoho's clock is not measured, no token counts as expired.
        var now = zohoClock.IsMeasured ? zohoClock.Now : DateTimeOffset.MinValue;
        var notification = Notification.Read(body, await tokens.Current(ct), secretGiven, now);
        // Another replica may have opened a channel with a new token a moment ago.
        return notification.Status == StatusCodes.Status401Unauthorized
            ? Notification.Read(body, await tokens.Latest(ct), secretGiven, now)
            : notification;
    }
}
