using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Zoho.Tokens;

/// <summary>An access token and its API host.</summary>
/// <param name="StaleAt">From then on the gateway asks for a new token, while this one still works.</param>
internal sealed record AccessToken(string Value, Uri? ApiDomain, DateTimeOffset StaleAt, DateTimeOffset ExpiresAt)
{
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(5);

    /// <summary>Reads the token endpoint's answer.</summary>
    /// <param name="isSecure">Whether the answer came by https. Then the API is called by https as well.</param>
    /// <exception cref="ZohoException">The answer holds no token. Zoho says so with 400, and also with 200.</exception>
    public static AccessToken Read(int status, JsonElement? body, bool isSecure, DateTimeOffset now)
    {
        if (body is not { } answer || status >= 500)
            throw new ZohoException(ZohoErrorKind.Unavailable, "NO_TOKEN", status);
        if (answer.Text("access_token") is not { Length: > 0 } value || !value.All(character => character is > ' ' and <= '~'))
            throw Refusal(status, answer.Text("error") ?? answer.Text("code") ?? "");

        var life = Life(answer);
        var margin = TimeSpan.FromTicks(Math.Min(LongestMargin.Ticks, life.Ticks / 10));
        return new AccessToken(value, Domain(answer, isSecure), now + life - margin, now + life);
    }

    public override string ToString() => $"access token until {ExpiresAt:O}";

    // Zoho: older answers give seconds in expires_in_sec, and milliseconds in expires_in beside it. One reported answer has neither.
    private static TimeSpan Life(JsonElement answer)
    {
        var seconds = answer.Whole("expires_in_sec") ?? answer.Whole("expires_in");
        return seconds is > 0 and <= 86_400 ? TimeSpan.FromSeconds(seconds.Value) : ZohoLimits.AccessTokenLife;
    }

    private static Uri? Domain(JsonElement answer, bool isSecure) =>
        Uri.TryCreate(answer.Text("api_domain"), UriKind.Absolute, out var domain)
            && (domain.Scheme == "https" || (domain.Scheme == "http" && !isSecure))
            ? domain
            : null;

    private static ZohoException Refusal(int status, string error) =>
        status == 429 || error.Contains("denied", StringComparison.OrdinalIgnoreCase)
            ? new ZohoException(ZohoErrorKind.Throttled, "ACCESS_DENIED", status, ZohoLimits.TokenPause)
            : new ZohoException(ZohoErrorKind.Auth, Known(error), status);

    private static string Known(string error) =>
        error is "invalid_code" or "invalid_client" or "invalid_grant" or "invalid_client_secret" ? error : "NO_TOKEN";
}
