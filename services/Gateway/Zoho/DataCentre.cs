namespace LeadSync.Gateway.Zoho;

/// <summary>Zoho's data centres. Hosts of one mean nothing to another.</summary>
internal static class DataCentre
{
    // Zoho: multi-dc. The accounts host of Canada is the one whose name does not follow the others.
    private static readonly (string Name, string Accounts, string Api)[] Known =
    [
        ("US", "accounts.zoho.com", "zohoapis.com"),
        ("EU", "accounts.zoho.eu", "zohoapis.eu"),
        ("IN", "accounts.zoho.in", "zohoapis.in"),
        ("AU", "accounts.zoho.com.au", "zohoapis.com.au"),
        ("JP", "accounts.zoho.jp", "zohoapis.jp"),
        ("CN", "accounts.zoho.com.cn", "zohoapis.com.cn"),
        ("CA", "accounts.zohocloud.ca", "zohoapis.ca"),
        ("SA", "accounts.zoho.sa", "zohoapis.sa"),
        ("UK", "accounts.zoho.uk", "zohoapis.uk"),
    ];

    /// <summary>Of an accounts host or an API host, also of a sandbox; null for any other.</summary>
    public static string? Of(Uri host) => Known
        .Where(known => host.Host.Equals(known.Accounts, StringComparison.OrdinalIgnoreCase)
            || host.Host.EndsWith("." + known.Api, StringComparison.OrdinalIgnoreCase))
        .Select(known => known.Name)
        .FirstOrDefault();

    /// <summary>The API host that belongs to an accounts host; null when it is none of Zoho's.</summary>
    public static Uri? ApiHost(Uri accounts) => Known
        .Where(known => accounts.Host.Equals(known.Accounts, StringComparison.OrdinalIgnoreCase))
        .Select(known => new Uri($"https://www.{known.Api}"))
        .FirstOrDefault();
}
