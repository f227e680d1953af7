using Microsoft.AspNetCore.Http.Features;

namespace LeadSync.Gateway.Notifications;

/// <summary>Reads the small bodies that Zoho sends.</summary>
internal static class RequestBody
{
    private const int Limit = 256 * 1024;

    /// <returns>The body, or the answer to one that is too large, too slow, cut off or encoded.</returns>
    public static async Task<(byte[]? Body, IResult? Refusal)> Read(HttpRequest request)
    {
        if (request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity")
            return (null, Results.Text("An encoded body is not read.", statusCode: StatusCodes.Status415UnsupportedMediaType));

        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = Limit;
        try
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
            return (body.ToArray(), null);
        }
        catch (BadHttpRequestException e)
        {
            var problem = e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The body is larger than {Limit / 1024} KiB."
                : "The body could not be read.";
            return (null, Results.Text(problem, statusCode: e.StatusCode));
        }
    }
}
