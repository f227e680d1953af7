using System.Security.Cryptography;
using System.Text;
using LeadSync.ServiceDefaults;

namespace LeadSync.Gateway;

/// <summary>Where Zoho reaches the gateway (<c>Gateway__PublicUrl</c>), and what it is told to call there.</summary>
internal sealed class GatewayOptions
{
    public const string NotificationsPath = "/zoho/notifications";
    public const string BulkReadsPath = "/zoho/bulk-reads";

    private const string Key = "Gateway__PublicUrl";
    private const string Example = "https://sync.example.org";

    // Zoho: notify_url has at most 255 characters.
    private const int LongestUrl = 255;

    private readonly string callbackSecret;

    private GatewayOptions(Uri publicUrl, string callbackSecret)
    {
        this.callbackSecret = callbackSecret;
        var root = publicUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        PathBase = publicUrl.AbsolutePath.TrimEnd('/');
        NotifyUrl = $"{root}{NotificationsPath}?k={callbackSecret}";
        BulkCallbackUrl = $"{root}{BulkReadsPath}?k={callbackSecret}";
    }

    /// <summary>The path of the public address, which a proxy in front may have stripped or not; empty for none.</summary>
    public string PathBase { get; }

    public string NotifyUrl { get; }

    public string BulkCallbackUrl { get; }

    public static GatewayOptions From(Settings settings, string callbackSecret)
    {
        var options = new GatewayOptions(settings.Url(Key, Example), callbackSecret);
        return options.NotifyUrl.Length <= LongestUrl
            ? options
            : throw new SettingsException($"{Key} is too long for Zoho, which takes addresses of {LongestUrl} characters: write a shorter one, for example {Key}={Example}");
    }

    /// <summary>Whether this is the secret <c>k</c> of the addresses that Zoho calls. In constant time.</summary>
    public bool IsCallbackSecret(string? k) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(k ?? ""), Encoding.UTF8.GetBytes(callbackSecret));
}

internal static class PublicPath
{
    /// <summary>Serves every path below the public address's own path too: a proxy in front may strip it or not.</summary>
    public static void UsePublicPath(this WebApplication app)
    {
        app.UsePathBase(app.Services.GetRequiredService<GatewayOptions>().PathBase);
        app.UseRouting();
    }
}
