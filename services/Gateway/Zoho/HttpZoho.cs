using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using LeadSync.Gateway.Credits;
using Polly;
using Polly.Timeout;

namespace LeadSync.Gateway.Zoho;

/// <summary>Zoho over HTTP: how any call is made. What the calls are is in the files beside this one.</summary>
internal sealed partial class HttpZoho(
    IHttpClientFactory clients,
    AccessTokens tokens,
    CreditCount credits,
    ZohoClock clock,
    ResiliencePipeline pipeline,
    ZohoOptions options,
    TimeProvider time) : IZoho
{
    public const string ClientName = "zoho";

    private const string Channel = "watch";

    /// <summary>A call: the name it is counted under, and its price in Zoho's list.</summary>
    private sealed record Call(
        string Name, HttpMethod Method, string Path, object? Body = null, DateTimeOffset? Since = null, int Credits = 1);

    /// <summary>Makes a call and reads its answer, which is null when Zoho has nothing to say (204, 304).</summary>
    private Task<T> Ask<T>(Call call, Func<JsonElement?, T> read, CancellationToken ct) =>
        Run(call, HttpCompletionOption.ResponseContentRead, async (response, token) =>
        {
            using (response)
                return read(await Json(response, token));
        }, ct);

    private async Task<T> Run<T>(
        Call call, HttpCompletionOption completion, Func<HttpResponseMessage, CancellationToken, Task<T>> answer, CancellationToken ct)
    {
        // Without the channel nothing would be heard for as long as the budget is used up.
        if (credits.IsUsedUp && call.Name != Channel)
            throw new ZohoException(ZohoErrorKind.OverBudget, "DAILY_CREDITS_USED");

        try
        {
            return await pipeline.ExecuteAsync(async token => await Attempt(call, completion, answer, token), ct);
        }
        catch (TimeoutRejectedException)
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "TIMEOUT");
        }
    }

    private async Task<T> Attempt<T>(
        Call call, HttpCompletionOption completion, Func<HttpResponseMessage, CancellationToken, Task<T>> answer, CancellationToken ct)
    {
        var accessToken = await tokens.Get(refused: null, ct);
        try
        {
            return await answer(await Send(call, completion, accessToken, ct), ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Auth)
        {
            // Tokens are revoked, and pushed out by newer ones, before their time. One new token settles it, or nothing does.
            accessToken = await tokens.Get(refused: accessToken, ct);
            return await answer(await Send(call, completion, accessToken, ct), ct);
        }
    }

    private async Task<HttpResponseMessage> Send(Call call, HttpCompletionOption completion, AccessToken accessToken, CancellationToken ct)
    {
        var outcome = nameof(ZohoErrorKind.Unavailable);
        long? left = null;
        try
        {
            using var request = Request(call, accessToken);
            using var client = clients.CreateClient(ClientName);
            var sent = time.GetUtcNow();
            var response = await client.SendAsync(request, completion, ct);
            outcome = $"{(int)response.StatusCode}";
            left = CreditsLeft(response);
            if (response.IsSuccessStatusCode && response.Headers.Date is { } date)
                clock.Observe(sent, time.GetUtcNow(), date);
            return response;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "NOT_REACHED");
        }
        finally
        {
            credits.Spend(call.Credits, left);
            GatewayMetrics.Call(call.Name, outcome, call.Credits);
        }
    }

    // Zoho: appears once half of the day's credits are used.
    private static long? CreditsLeft(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-API-CREDITS-REMAINING", out var values)
        && long.TryParse(values.FirstOrDefault(), CultureInfo.InvariantCulture, out var left)
            ? left
            : null;

    private HttpRequestMessage Request(Call call, AccessToken accessToken)
    {
        var root = options.ApiUrl ?? accessToken.ApiDomain ?? options.AccountsUrl;
        var request = new HttpRequestMessage(call.Method, root.GetLeftPart(UriPartial.Path).TrimEnd('/') + call.Path);
        // Zoho: "Bearer" works as well, but only this is documented.
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", accessToken.Value);
        if (call.Since is { } since)
            request.Headers.TryAddWithoutValidation("If-Modified-Since", since.Written());
        if (call.Body is { } body)
        {
            // With its length: JsonContent would send it in chunks, which not every server or proxy reads.
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), JsonSerializerOptions.Web));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    private async Task<JsonElement?> Json(HttpResponseMessage response, CancellationToken ct)
    {
        var status = (int)response.StatusCode;
        var body = ZohoJson.Parse(await Bytes(response, ct));
        // Zoho documents no Retry-After; it is honoured if it ever comes.
        var wait = response.Headers.RetryAfter;
        if (ZohoError.Find(status, body, wait?.Delta ?? (wait?.Date - time.GetUtcNow())) is { } error)
            throw error;

        return status is 204 or 304 ? null : body;
    }

    private static async Task<byte[]> Bytes(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "CUT_OFF");
        }
    }
}
