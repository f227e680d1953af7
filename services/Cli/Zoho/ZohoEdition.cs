using System.Text.Json;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Cli.Zoho;

/// <summary>The edition of an org, and its API credits a day.</summary>
/// <param name="Name">Zoho's name of the edition, for instance <c>enterprise</c>.</param>
internal sealed record ZohoEdition(string Name, long Users)
{
    private const long Free = 5_000;

    /// <summary>The credits for 24 hours, by Zoho's price list of v8: a base, an amount for each user, and a cap.</summary>
    public long CreditsPerDay => Name.ToLowerInvariant() switch
    {
        "free" => Free,
        "standard" or "starter" or "bigin" => Math.Min(50_000 + (250 * Users), 100_000),
        "professional" => Math.Min(50_000 + (500 * Users), 3_000_000),
        "ultimate" or "crmplus" => 50_000 + (2_000 * Users),
        _ => Math.Min(50_000 + (1_000 * Users), 5_000_000),
    };

    public bool IsFree => CreditsPerDay == Free;

    /// <returns>Null when the answer does not say it.</returns>
    public static ZohoEdition? Of(JsonElement? answer)
    {
        var license = answer?.Items("org").Select(org => org.Get("license_details")).FirstOrDefault();
        return license?.Text("paid_type") is { Length: > 0 } name
            ? new ZohoEdition(name, license.Value.Whole("users_license_purchased") ?? 1) : null;
    }
}
