using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.BulkReads;

internal static class BulkReadEndpoints
{
    // A server that sends nothing for so long will not continue. The projector downloads one file at a time, so it must not wait for ever.
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    public static void MapBulkReads(this WebApplication app)
    {
        app.MapPost(GatewayOptions.BulkReadsPath, CalledBack);
        app.MapGet($"/bulk-reads/{{jobId:maxlength({ZohoLimits.IdLength})}}", Download);
    }

    private static async Task<IResult> CalledBack(string? k, HttpRequest request, GatewayOptions gateway, BulkCallback callback)
    {
        // A body without the secret is not read.
        if (!gateway.IsCallbackSecret(k))
            return Results.Unauthorized();

        var (body, refusal) = await RequestBody.Read(request);
        if (refusal is not null)
            return refusal;

        var status = await callback.Take(body!);
        return status == StatusCodes.Status400BadRequest
            ? Results.Text("The body names no job.", statusCode: status) : Results.StatusCode(status);
    }

    /// <summary>Passes Zoho's zip file on to the projector while it arrives.</summary>
    private static async Task<IResult> Download(string jobId, IBulkReadApi zoho, HttpContext http, TimeProvider clock)
    {
        if (!jobId.All(char.IsAsciiDigit))
            return Results.NotFound();

        try
        {
            await using var result = await zoho.OpenBulkResult(jobId, http.RequestAborted);
            if (result is null)
                return Results.NoContent();

            http.Response.ContentType = "application/zip";
            http.Response.ContentLength = result.Length;
            await Copy(result.Content, http.Response.Body, clock, http.RequestAborted);
            return Results.Empty;
        }
        catch (Exception e) when (ZohoWire.IsNoAnswer(e, http.RequestAborted))
        {
            // The projector has received a part of the file, and must not take it for the whole.
            http.Abort();
            return Results.Empty;
        }
        catch (ZohoException e)
        {
            return Refusal(e, http.Response);
        }
    }

    /// <summary>Copies a file that may be long. Gives up when nothing has come for <see cref="LongestSilence"/>.</summary>
    internal static async Task Copy(Stream from, Stream to, TimeProvider clock, CancellationToken ct)
    {
        using var silence = new CancellationTokenSource(LongestSilence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token);
        var buffer = new byte[81_920];
        for (int read; (read = await from.ReadAsync(buffer, either.Token)) > 0;)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
            silence.CancelAfter(LongestSilence);
        }
    }

    /// <summary>The status that tells the projector of a refusal. 502 says that Zoho has no such file and never will. After 503 the
    /// projector asks again.</summary>
    internal static int Status(ZohoErrorKind kind) => kind switch
    {
        ZohoErrorKind.NotFound => StatusCodes.Status404NotFound,
        ZohoErrorKind.Rejected => StatusCodes.Status502BadGateway,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    private static IResult Refusal(ZohoException e, HttpResponse response)
    {
        var status = Status(e.Kind);
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            var pause = e.Kind == ZohoErrorKind.Throttled ? ZohoLimits.DownloadPause : TimeSpan.FromSeconds(15);
            response.Headers.RetryAfter = $"{pause.TotalSeconds:0}";
        }

        return Results.Text(e.Message, statusCode: status);
    }
}
