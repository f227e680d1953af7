using LeadSync.ZohoSimulator.Clock;

namespace LeadSync.ZohoSimulator.Gate;

/// <summary>Adds Zoho's date to every answer, and Zoho's envelope to every failure.</summary>
internal sealed class Errors(VirtualClock clock, Dials dials) : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var response = context.Response;
        response.Headers.Date = clock.GetUtcNow().ToString("R");
        try
        {
            await next(context);
        }
        catch (ZohoError error) when (!response.HasStarted)
        {
            if (error.Code == dials.ThrottleCode && dials.RetryAfter > TimeSpan.Zero)
                response.Headers.RetryAfter = $"{dials.RetryAfter.TotalSeconds:0}";
            await error.WriteAsync(response);
        }

        catch (BadHttpRequestException mistake) when (!response.HasStarted && context.Request.Path.StartsWithSegments("/control"))
        {
            response.StatusCode = mistake.StatusCode;
            await response.WriteAsync(mistake.Message);
        }

        if (!response.HasStarted && context.Request.Path.StartsWithSegments("/crm"))
            await WriteRoutingErrorAsync(response);
    }

    // Zoho: a wrong method is 400, not 405.
    private static Task WriteRoutingErrorAsync(HttpResponse response) => response.StatusCode switch
    {
        405 => new ZohoError(400, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one").WriteAsync(response),
        404 => new ZohoError(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one").WriteAsync(response),
        415 => new ZohoError(415, "MEDIA_TYPE_NOT_SUPPORTED", "the content type is not supported").WriteAsync(response),
        _ => Task.CompletedTask,
    };
}
