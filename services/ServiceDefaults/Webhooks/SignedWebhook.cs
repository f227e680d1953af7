using System.Globalization;
using System.Text;
using StandardWebhooks;

namespace LeadSync.ServiceDefaults.Webhooks;

/// <summary>
/// Webhooks by the Standard Webhooks scheme. Each request has an id, which is the same at every attempt, the time of the attempt, and a
/// signature of id, time and body.
/// </summary>
public static class SignedWebhook
{
    private const string Example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <param name="secret">The key of the signature, as <c>whsec_…</c>; null for no signature.</param>
    /// <param name="id">The same at every attempt, so that a receiver recognises a repetition.</param>
    public static HttpRequestMessage Request(Uri url, string? secret, string id, DateTimeOffset at, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        if (secret is not null)
            request.Headers.Add("webhook-signature", new StandardWebhook(secret).Sign(id, at, body));
        return request;
    }

    /// <summary>A secret of the scheme, given directly or as the path of a file; null when there is none.</summary>
    /// <exception cref="SettingsException">The secret does not follow the scheme.</exception>
    public static string? Secret(Settings settings, string key)
    {
        if (settings.Optional(key) is null && settings.Optional($"{key}File") is null)
            return null;

        var secret = settings.Secret(key, Example);
        return IsSecret(secret)
            ? secret
            : throw new SettingsException(
                $"{key} is not a secret of the Standard Webhooks scheme: write whsec_ and at least 24 bytes in Base64");
    }

    private static bool IsSecret(string secret)
    {
        try
        {
            _ = new StandardWebhook(secret);
            return secret.StartsWith("whsec_", StringComparison.Ordinal)
                && Convert.FromBase64String(secret["whsec_".Length..]).Length >= 24;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
