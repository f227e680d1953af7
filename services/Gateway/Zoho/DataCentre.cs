namespace LeadSync.Gateway.Zoho;

/// <summary>Zoho's data centres. Tokens and hosts of one mean nothing to another.</summary>
internal static class DataCentre
{
    // From Zoho's page on its data centres (multi-dc). Canada's accounts host does not follow the pattern of the others.
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

    /// <summary>The data centre of an accounts host or an API host, also of a sandbox; null for any other host.</summary>
    public static string? Of(Uri host) => Known
        .Where(known => host.Host.Equals(known.Accounts, StringComparison.OrdinalIgnoreCase)
            || host.Host.EndsWith("." + known.Api, StringComparison.OrdinalIgnoreCase))
        .Select(known => known.Name)
        .FirstOrDefault();

    /// <summary>The API host that belongs to an accounts host; null when the host is not Zoho's.</summary>
    public static Uri? ApiHost(Uri accounts) => Known
        .Where(known => accounts.Host.Equals(known.Accounts, StringComparison.OrdinalIgnoreCase))
        .Select(known => new Uri($"https://www.{known.Api}"))
        .FirstOrDefault();
}
