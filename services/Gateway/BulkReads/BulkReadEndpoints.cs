using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.BulkReads;

internal static class BulkReadEndpoints
{
    public static void MapBulkReads(this WebApplication app)
    {
        foreach (var path in app.Services.GetRequiredService<GatewayOptions>().Served(GatewayOptions.BulkReadsPath))
            app.MapPost(path, CalledBack);
        app.MapGet("/bulk-reads/{jobId:maxlength(32)}", Download);
    }

    private static async Task<IResult> CalledBack(string? k, HttpRequest request, GatewayOptions gateway, BulkCallback callback)
    {
        // Nothing of a stranger's is read.
        if (!gateway.IsCallbackSecret(k))
            return Results.Unauthorized();

        var (body, refusal) = await RequestBody.Read(request);
        if (refusal is not null)
            return refusal;

        var status = await callback.Take(body!);
        return status == StatusCodes.Status400BadRequest ? Results.Text("The body names no job.", statusCode: status) : Results.StatusCode(status);
    }

    /// <summary>Passes Zoho's zip through to the projector, as it comes.</summary>
    private static async Task<IResult> Download(string jobId, IBulkReadApi zoho, HttpContext http)
    {
        if (!jobId.All(char.IsAsciiDigit))
            return Results.NotFound();

        try
        {
            using var result = await zoho.OpenBulkResult(jobId, http.RequestAborted);
            if (result is null)
                return Results.NoContent();

            http.Response.ContentType = "application/zip";
            http.Response.ContentLength = result.Length;
            await result.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
            return Results.Empty;
        }
        catch (ZohoException e)
        {
            return Refusal(e, http.Response);
        }
    }

    private static IResult Refusal(ZohoException e, HttpResponse response)
    {
        // Zoho: ten downloads a minute, then none until the minute ends.
        if (e.Kind == ZohoErrorKind.Throttled)
            response.Headers.RetryAfter = "60";

        return Results.Text(e.Message, statusCode: e.Kind switch
        {
            ZohoErrorKind.NotFound => StatusCodes.Status404NotFound,
            ZohoErrorKind.Throttled => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status502BadGateway,
        });
    }
}
