using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Cli.Zoho;

/// <summary>Single calls of Zoho's API, made once: the gateway tries again where this wants to know what the answer was.</summary>
internal sealed class ZohoProbe(IHttpClientFactory clients, ZohoOptions options, AccessToken token)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public Uri ApiHost { get; } = options.ApiUrl ?? token.ApiDomain ?? options.AccountsUrl;

    /// <summary>What the org has left of its credits. Zoho: said only when half of them are used.</summary>
    public long? CreditsLeft { get; private set; }

    /// <param name="path">Below <c>/crm/{version}/</c>.</param>
    /// <exception cref="ZohoException">Zoho said no, or nothing.</exception>
    public Task<JsonElement?> Get(string path, CancellationToken ct) => Ask($"/crm/{options.ApiVersion}/{path}", ct);

    /// <exception cref="ZohoException">Zoho said no, or nothing.</exception>
    public Task<JsonElement?> GetBulk(string path, CancellationToken ct) => Ask($"/crm/bulk/{options.ApiVersion}/{path}", ct);

    private async Task<JsonElement?> Ask(string path, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        using var client = clients.CreateClient(HttpZoho.ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Get, ApiHost.GetLeftPart(UriPartial.Path).TrimEnd('/') + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", token.Value);
        try
        {
            using var response = await client.SendAsync(request, patience.Token);
            if (response.Headers.TryGetValues("X-API-CREDITS-REMAINING", out var left))
                CreditsLeft = long.TryParse(left.First(), CultureInfo.InvariantCulture, out var credits) ? credits : CreditsLeft;

            var body = ZohoJson.Parse(await response.Content.ReadAsByteArrayAsync(patience.Token));
            return ZohoError.Find((int)response.StatusCode, body) is { } error ? throw error : body;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new ZohoException(ZohoErrorKind.Unavailable, "NOT_REACHED");
        }
    }
}
