using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using LeadSync.Gateway.Zoho.Tokens;

namespace LeadSync.Gateway.Zoho.Calls;

/// <summary>One request to Zoho's API, and the meaning of its answer. The request is sent once.</summary>
internal sealed class ZohoWire(IHttpClientFactory clients, ZohoOptions options, ZohoClock zohoClock, TimeProvider clock)
{
    public const string ClientName = "zoho";

    // Enough for the longest answers: 200 leads with long texts.
    private const long MostBytes = 64 * 1024 * 1024;

    /// <summary>The API's host: the configured one, else the one that came with this token or an earlier one, else the one that belongs to
    /// the accounts host.</summary>
    /// <exception cref="ZohoException">No host is known.</exception>
    public Uri Host(AccessToken token) =>
        options.ApiUrl ?? token.ApiDomain ?? DataCentre.ApiHost(options.AccountsUrl)
            ?? throw new ZohoException(ZohoErrorKind.Auth, "NO_API_HOST");

    /// <summary>Sends a call. The answer's body has not been read yet.</summary>
    /// <exception cref="ZohoException">No answer came.</exception>
    public async Task<HttpResponseMessage> Send(ZohoCall call, AccessToken token, CancellationToken ct)
    {
        try
        {
            using var request = Request(call, token);
            using var client = clients.CreateClient(ClientName);
            var sentAt = clock.GetUtcNow();
            var sent = clock.GetTimestamp();
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.IsSuccessStatusCode && !IsForeign(response))
                zohoClock.Observe(sentAt, clock.GetElapsedTime(sent), response.Headers.Date);
            return response;
        }
        catch (Exception e) when (IsNoAnswer(e, ct))
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "NOT_REACHED");
        }
    }

    /// <summary>Whether a server between the gateway and Zoho wrote the answer: a proxy's or a portal's page, or a redirection. Such an
    /// answer says nothing about leads, credits or Zoho's clock.</summary>
    public static bool IsForeign(HttpResponseMessage response) =>
        (int)response.StatusCode is >= 300 and < 400 and not 304
        || "text/html".Equals(response.Content.Headers.ContentType?.MediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an answer's body; null when Zoho answers with nothing (204, 304).</summary>
    /// <exception cref="ZohoException">The answer is an error, does not come from Zoho, or broke off.</exception>
    public static async Task<JsonElement?> Json(HttpResponseMessage response, DateTimeOffset now, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        var bytes = await Bytes(response, ct);
        var body = ZohoJson.Parse(bytes);
        // Zoho documents no Retry-After. The gateway honours it if it ever comes.
        var wait = response.Headers.RetryAfter;
        var pause = wait?.Delta ?? (wait?.Date - now);
        if (bytes.Length > 0 && body is null)
            throw ZohoError.NotJson(status, pause);
        if (ZohoError.Find(status, body, pause) is { } error)
            throw error;

        return status is 204 or 304 ? null : body;
    }

    /// <summary>The organization's remaining API credits. Zoho states them once half of the day's credits are used.</summary>
    public static long? CreditsLeft(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-API-CREDITS-REMAINING", out var values)
        && long.TryParse(values.FirstOrDefault(), CultureInfo.InvariantCulture, out var left)
            ? left
            : null;

    /// <summary>
    /// Whether an exception means that no whole answer came. .NET has many exceptions for it: refused, reset, unknown host, TLS, a body
    /// that does not match its headers. A connection that takes too long is a cancellation, although nobody cancelled.
    /// </summary>
    public static bool IsNoAnswer(Exception exception, CancellationToken ct) =>
        exception is HttpRequestException or IOException or SocketException or InvalidDataException
        || (exception is OperationCanceledException && !ct.IsCancellationRequested);

    private static async Task<byte[]> Bytes(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MostBytes, ct);
            return await response.Content.ReadAsByteArrayAsync(ct);
        }
        catch (Exception e) when (IsNoAnswer(e, ct))
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "CUT_OFF");
        }
    }

    private HttpRequestMessage Request(ZohoCall call, AccessToken token)
    {
        var request = new HttpRequestMessage(call.Method, Host(token).GetLeftPart(UriPartial.Path).TrimEnd('/') + call.Path);
        // Zoho: "Bearer" works as well, but only this is documented.
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", token.Value);
        if (call.Since is { } since)
            request.Headers.TryAddWithoutValidation("If-Modified-Since", since.Written());
        if (call.Body is { } body)
        {
            // Sent with its length: JsonContent would send chunks, which not every server or proxy reads.
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), JsonSerializerOptions.Web));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }
}
