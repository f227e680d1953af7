using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Gateway.Zoho;
using MassTransit;

namespace LeadSync.Gateway.BulkReads;

internal static class BulkReadEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void MapBulkReads(this WebApplication app)
    {
        foreach (var path in app.Services.GetRequiredService<GatewayOptions>().Served(GatewayOptions.BulkReadsPath))
            app.MapPost(path, CalledBack);
        app.MapGet("/bulk-reads/{jobId:maxlength(32)}", Download);
    }

    /// <summary>Zoho says that a job has ended. Only the secret in the address tells who calls; the status is read all the same.</summary>
    private static async Task<IResult> CalledBack(string? k, HttpRequest request, GatewayOptions gateway, IBus bus, TimeProvider time)
    {
        if (!gateway.IsCallbackSecret(k))
            return Results.Unauthorized();

        var (body, refusal) = await RequestBody.Read(request);
        if (refusal is not null)
            return refusal;
        if (BulkCallback.JobId(body) is not { } jobId)
            return Results.Text("The body names no job.", statusCode: StatusCodes.Status400BadRequest);

        return await Announce(jobId, bus, time);
    }

    private static async Task<IResult> Announce(string jobId, IBus bus, TimeProvider time)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience, time);
            await bus.Publish(new BulkJobCalledBack(jobId), patience.Token);
            return Results.Ok();
        }
        catch (Exception)
        {
            // Nothing is lost: the job's status is read from time to time.
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>Passes Zoho's zip through to the projector, as it comes.</summary>
    private static async Task<IResult> Download(string jobId, IZoho zoho, HttpContext http)
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
