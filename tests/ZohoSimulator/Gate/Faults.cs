using LeadSync.ZohoSimulator.Control;

namespace LeadSync.ZohoSimulator.Gate;

/// <summary>Random faults of calls.</summary>
internal sealed class Faults(Dials dials, Chance chance, Statistics statistics)
{
    private static readonly (int Status, string Code, string Message)[] ServerErrors =
    [
        (500, "INTERNAL_ERROR", "Internal server error"),
        (502, "BAD_GATEWAY", "bad gateway"),
        (503, "SERVICE_UNAVAILABLE", "service is temporarily unavailable"),
    ];

    /// <returns>True when the call is answered with a fault.</returns>
    public async Task<bool> StrikeAsync(ApiCall call, HttpContext context)
    {
        if (dials.FaultKinds.Length > 0 && !dials.FaultKinds.Split(',').Contains(call.Kind))
            return false;

        var latency = dials.Latency + chance.Around(dials.LatencyJitter);
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, TimeProvider.System, context.RequestAborted);

        if (chance.Happens(dials.ThrottleRate))
        {
            statistics.Counted("calls.throttled");
            throw Throttle.Error(dials);
        }

        if (chance.Happens(dials.ServerErrorRate))
            return await FailAsync(context);
        return await SpoilAsync(context);
    }

    private async Task<bool> FailAsync(HttpContext context)
    {
        var (status, code, message) = ServerErrors[chance.Below(ServerErrors.Length)];
        if (!dials.ServerErrorsAreHtml)
            throw new ZohoError(status, code, message);

        context.Response.StatusCode = status;
        await WriteHtmlAsync(context, message);
        return true;
    }

    private static Task WriteHtmlAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/html;charset=UTF-8";
        return context.Response.WriteAsync($"<html><body><h1>{text}</h1></body></html>");
    }

    private async Task<bool> SpoilAsync(HttpContext context)
    {
        if (chance.Happens(dials.AbortRate))
        {
            context.Abort();
            return true;
        }

        if (!chance.Happens(dials.HtmlRate))
            return false;

        await WriteHtmlAsync(context, "We will be back soon");
        return true;
    }
}
