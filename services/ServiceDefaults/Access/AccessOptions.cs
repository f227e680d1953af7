using System.Net;

namespace LeadSync.ServiceDefaults.Access;

/// <summary>Who may read, and who may start actions.</summary>
/// <param name="ActionToken">The token that an action carries; null when nobody may start one.</param>
/// <param name="ReadToken">The token that a reader carries. The action token serves as well.</param>
/// <param name="TrustLoopback">Requests from this machine, to a loopback name, need no token.</param>
/// <param name="Hosts">The host names of the service. Empty for any name, except on the loopback interface.</param>
/// <param name="UserHeader">The header in which a trusted proxy names the person whom it has authenticated.</param>
/// <param name="TrustedProxies">The addresses of the proxies whose header the service believes.</param>
public sealed record AccessOptions(
    string? ActionToken, string? ReadToken, bool TrustLoopback, IReadOnlyList<string> Hosts, string? UserHeader,
        IReadOnlyList<IPNetwork> TrustedProxies)
{
    private const int LeastLength = 16;
    private const string Example = "a-long-random-text";

    public static AccessOptions From(Settings settings)
    {
        var userHeader = settings.Optional("Access__UserHeader");
        var proxies = List(settings, "Access__TrustedProxies").Select(Network).ToList();
        if (userHeader is not null && proxies.Count == 0)
            throw new SettingsException("Access__TrustedProxies is missing: name the addresses that Access__UserHeader is believed from, "
                + "for example Access__TrustedProxies=10.0.0.7,10.1.0.0/16");

        return new(
            Token(settings, "Access__ActionToken") ?? Token(settings, "Console__ActionToken"),
            Token(settings, "Access__ReadToken"),
            settings.Flag("Access__TrustLoopback", false),
            List(settings, "Access__Hosts"),
            userHeader,
            proxies);
    }

    private static string? Token(Settings settings, string key)
    {
        if (settings.Optional(key) is null && settings.Optional(key + "File") is null)
            return null;

        return settings.Secret(key, Example) is { Length: >= LeastLength } token
            ? token
            : throw new SettingsException($"{key} is shorter than {LeastLength} characters and could be guessed: make a longer one, for "
                + $"example with openssl rand -hex 24");
    }

    private static string[] List(Settings settings, string key) =>
        settings.Optional(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static IPNetwork Network(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new SettingsException("Access__TrustedProxies is not a list of addresses or networks: write one, for example "
            + "Access__TrustedProxies=10.0.0.7,10.1.0.0/16");
}
