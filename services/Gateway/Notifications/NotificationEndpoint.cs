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
