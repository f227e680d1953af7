using System.Security.Cryptography;
using System.Text;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults;

namespace LeadSync.Gateway;

/// <summary>The address at which Zoho reaches the gateway (<c>Gateway__PublicUrl</c>), and the addresses below it that Zoho
/// calls.</summary>
internal sealed class GatewayOptions
{
    /// <summary>The path below which Zoho calls, and nobody else.</summary>
    public const string Root = "/zoho";

    public const string NotificationsPath = $"{Root}/notifications";
    public const string BulkReadsPath = $"{Root}/bulk-reads";

    private const string Key = "Gateway__PublicUrl";
    private const string Example = "https://sync.example.org";

    private readonly string callbackSecret;

    private GatewayOptions(Uri publicUrl, string callbackSecret)
    {
        this.callbackSecret = callbackSecret;
        var root = publicUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        PathBase = Uri.UnescapeDataString(publicUrl.AbsolutePath).TrimEnd('/');
        NotifyUrl = $"{root}{NotificationsPath}?k={callbackSecret}";
        BulkCallbackUrl = $"{root}{BulkReadsPath}?k={callbackSecret}";
    }

    /// <summary>The public address's own path, which a proxy may remove or keep.</summary>
    public PathString PathBase { get; }

    public string NotifyUrl { get; }

    public string BulkCallbackUrl { get; }

    public static GatewayOptions From(Settings settings, string callbackSecret)
    {
        var options = new GatewayOptions(settings.Url(Key, Example), callbackSecret);
        return options.NotifyUrl.Length <= ZohoLimits.NotifyUrlLength
            ? options
            : throw new SettingsException(
                $"{Key} is too long, Zoho takes addresses of {ZohoLimits.NotifyUrlLength} characters: write a shorter one, for example "
                    + $"{Key}={Example}");
    }

    /// <summary>Whether this is the secret <c>k</c> of the addresses that Zoho calls. Compares in constant time.</summary>
    public bool IsCallbackSecret(string? k) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(k ?? ""), Encoding.UTF8.GetBytes(callbackSecret));
}
