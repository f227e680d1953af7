using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Zoho.Tokens;

/// <summary>Exchanges the refresh token for an access token.</summary>
internal sealed class TokenEndpoint(IHttpClientFactory clients, ZohoOptions options, ZohoClock zohoClock, TimeProvider clock)
{
    private readonly Uri address = new(options.AccountsUrl.AbsoluteUri.TrimEnd('/') + "/oauth/v2/token");

    /// <exception cref="ZohoException">Zoho gave no token; the kind says whether a later attempt may succeed.</exception>
    public async Task<AccessToken> Refresh(CancellationToken ct)
    {
        var outcome = "ok";
        try
        {
            return await Post(ct);
        }
        catch (ZohoException e)
        {
            outcome = e.Kind.ToString();
            throw;
        }
        catch (Exception e) when (ZohoWire.IsNoAnswer(e, CancellationToken.None))
        {
            outcome = nameof(ZohoErrorKind.Unavailable);
            throw new ZohoException(ZohoErrorKind.Unavailable, "ACCOUNTS_HOST_NOT_REACHED");
        }
        finally
        {
            GatewayMetrics.Call("token", outcome, credits: 0);
        }
    }

    private async Task<AccessToken> Post(CancellationToken ct)
    {
        // The parameters are in the body and not in the address, because programs on the way log addresses.
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = options.ClientId,
            ["client_secret"] = options.ClientSecret,
            ["refresh_token"] = options.RefreshToken,
        });
        using var client = clients.CreateClient(ZohoWire.ClientName);
        var sentAt = clock.GetUtcNow();
        var sent = clock.GetTimestamp();
        using var response = await client.PostAsync(address, form, ct);
        var took = clock.GetElapsedTime(sent);
        var body = ZohoJson.Parse(await response.Content.ReadAsByteArrayAsync(ct));
        if (response.IsSuccessStatusCode && body is not null && response.Headers.Date is { } date)
            zohoClock.Observe(sentAt, took, date);

        return AccessToken.Read((int)response.StatusCode, body, address.Scheme == "https", sentAt);
    }
}
