using System.Security.Cryptography;
using System.Text;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults;

namespace LeadSync.Gateway.Zoho;

/// <summary>Zoho's address, and LeadSync's credentials there.</summary>
internal sealed class ZohoOptions
{
    public required Uri AccountsUrl { get; init; }

    /// <summary>Overrides the <c>api_domain</c> that comes with the access token.</summary>
    public Uri? ApiUrl { get; init; }

    /// <summary><c>v6</c>, <c>v7</c> or <c>v8</c>.</summary>
    public string ApiVersion { get; init; } = "v8";

    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    public required string RefreshToken { get; init; }

    /// <summary>API names of the fields to sync; empty for all that Zoho can export.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>API credits that may be spent in 24 hours; null for no limit but Zoho's.</summary>
    public long? DailyCredits { get; init; }

    /// <summary>Credits that catch-ups and full comparisons leave to notifications.</summary>
    public long CreditReserve { get; init; }

    /// <summary>Calls that all replicas together make at the same time.</summary>
    public int ParallelCalls { get; init; } = ZohoLimits.ParallelCalls;

    private const long UsualReserve = 1_000;
    private const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    public static ZohoOptions From(Settings settings)
    {
        const string reserveKey = "Zoho__CreditReserve";
        var budget = settings.Count("Zoho__DailyCredits", least: 100);
        var reserve = settings.Count(reserveKey, least: 0) ?? Math.Min(UsualReserve, budget / 5 ?? UsualReserve);
        return reserve < (budget ?? long.MaxValue)
            ? From(settings, budget, reserve)
            : throw new SettingsException(
                $"{reserveKey} is not less than Zoho__DailyCredits: write less, for example {reserveKey}={budget / 5}");
    }

    private static ZohoOptions From(Settings settings, long? budget, long reserve) => new()
    {
        DailyCredits = budget,
        CreditReserve = reserve,
        AccountsUrl = settings.Url("Zoho__AccountsUrl", fallback: new Uri("https://accounts.zoho.com")),
        ApiUrl = settings.OptionalUrl("Zoho__ApiUrl", "https://www.zohoapis.com"),
        ApiVersion = settings.OneOf("Zoho__ApiVersion", "v8", "v6", "v7", "v8"),
        ClientId = settings.Secret("Zoho__ClientId", "1000.ABC"),
        ClientSecret = settings.Secret("Zoho__ClientSecret", "..."),
        RefreshToken = settings.Secret("Zoho__RefreshToken", "1000.abc.def"),
        ParallelCalls = (int)(settings.Count("Zoho__ParallelCalls", least: 1) ?? ZohoLimits.ParallelCalls),
        Fields = settings.Optional("Zoho__Fields")?.Split(',', Trimmed) ?? [],
    };

    /// <summary>A key of 32 bytes that only holders of the credentials can compute; other credentials give another key.</summary>
    public byte[] DeriveKey(string purpose) =>
        HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            Encoding.UTF8.GetBytes(ClientSecret),
            outputLength: 32,
            salt: Encoding.UTF8.GetBytes($"{AccountsUrl}\n{ClientId}\n{RefreshToken}"),
            info: Encoding.UTF8.GetBytes($"LeadSync {purpose}"));

    /// <summary>The secret in the addresses that Zoho calls, the same for all replicas.</summary>
    public string CallbackSecret() => Convert.ToHexStringLower(DeriveKey("callback").AsSpan(0, 16));
}
