using System.Globalization;
using System.Text;
using StandardWebhooks;

namespace LeadSync.ServiceDefaults.Webhooks;

/// <summary>Webhooks as the Standard Webhooks scheme has them: an id that is the same at each attempt, the time of the attempt, and a signature of both and the body.</summary>
public static class SignedWebhook
{
    private const string Example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <param name="secret">The signature's, as <c>whsec_…</c>; null for no signature.</param>
    /// <param name="id">The same at each attempt, so that whoever gets it twice can tell.</param>
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
    /// <exception cref="SettingsException">It is none of the scheme's.</exception>
    public static string? Secret(Settings settings, string key)
    {
        if (settings.Optional(key) is null && settings.Optional($"{key}File") is null)
            return null;

        var secret = settings.Secret(key, Example);
        return IsSecret(secret)
            ? secret
            : throw new SettingsException($"{key} is no secret of the Standard Webhooks scheme: write whsec_ and at least 24 bytes in Base64");
    }

    private static bool IsSecret(string secret)
    {
        try
        {
            _ = new StandardWebhook(secret);
            return secret.StartsWith("whsec_", StringComparison.Ordinal) && Convert.FromBase64String(secret["whsec_".Length..]).Length >= 24;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
