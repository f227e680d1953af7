using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.Features;

namespace LeadSync.Gateway;

/// <summary>Reads the bodies that Zoho sends.</summary>
internal static class RequestBody
{
    /// <summary>The limit in bytes for a caller without the secret of our addresses.</summary>
    public const int SmallLimit = 256 * 1024;

    /// <summary>The limit in bytes for a caller with the secret of our addresses. One mass update in Zoho changes up to 50,000 records.
    /// Zoho does not document how many ids one notification has. 50,000 ids with the names of ten changed fields each are 15 MB.</summary>
    public const int LargeLimit = 32 * 1024 * 1024;

    // Anybody may send a body, so all small bodies together take at most 64 MiB. Zoho's own bodies are read within milliseconds.
    private static readonly ConcurrencyLimiter Small = new(new() { PermitLimit = 256, QueueLimit = 1_000 });

    // The gateway reads large bodies one at a time, to bound their memory.
    private static readonly SemaphoreSlim Large = new(1);

    /// <param name="limit">The greatest size of the body, in bytes.</param>
    /// <returns>The body, or the answer to a body that is too large, too slow, cut off or encoded.</returns>
    public static async Task<(byte[]? Body, IResult? Refusal)> Read(HttpRequest request, int limit = SmallLimit)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
            return (null, Results.Text("An encoded body is not read.", statusCode: StatusCodes.Status415UnsupportedMediaType));

        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = limit;
        var isLarge = false;
        try
        {
            var stop = request.HttpContext.RequestAborted;
            using var place = await Small.AcquireAsync(1, stop);
            if (!place.IsAcquired)
                return (null, Results.StatusCode(StatusCodes.Status503ServiceUnavailable));

            using var body = new MemoryStream();
            var part = new byte[16 * 1024];
            for (int read; (read = await request.Body.ReadAsync(part, stop)) > 0;)
            {
                await body.WriteAsync(part.AsMemory(0, read), stop);
                if (isLarge || body.Length <= SmallLimit)
                    continue;

                await Large.WaitAsync(stop);
                isLarge = true;
                request.HttpContext.Response.OnCompleted(() => Task.FromResult(Large.Release()));
            }

            return (body.ToArray(), null);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, Results.Text($"The body is larger than {limit / 1024} KiB.", statusCode: e.StatusCode));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The caller sent too slowly, or went away before the body was complete.
            var status = (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
            return (null, Results.Text("The body could not be read.", statusCode: status));
        }
    }
}
