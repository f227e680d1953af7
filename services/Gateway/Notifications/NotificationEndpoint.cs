using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Notifications;

/// <summary>Where Zoho says that leads have changed. 2xx means that the broker has confirmed it; a body never reaches a log.</summary>
internal sealed class NotificationEndpoint(
    ChannelTokens tokens, Announcements announcements, Receiving receiving, GatewayOptions gateway, ZohoClock clock, TimeProvider time)
{
    /// <summary>What takes longer is answered 503. Zoho: how long it waits for an answer is not said.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IResult> Receive(HttpContext http, string? k)
    {
        var (body, refusal) = await RequestBody.Read(http.Request);
        var result = refusal ?? await Answer(http, body!, k);
        GatewayMetrics.Notification((result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK);
        return result;
    }

    private async Task<IResult> Answer(HttpContext http, byte[] body, string? secret)
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

            return notification.Problem is { } problem
                ? Results.Text(problem, statusCode: notification.Status)
                : Results.StatusCode(notification.Status);
        }
        catch (Exception)
        {
            // Whatever it was, it is not durable: Zoho is told so, and may not come again, so that it is a gap.
            receiving.Refused(clock.Now);
            http.Response.Headers.RetryAfter = "5";
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private async Task<Notification> Read(byte[] body, string? secret, CancellationToken ct)
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
