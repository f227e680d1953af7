using System.Net;
using Microsoft.AspNetCore.Http;

namespace LeadSync.ServiceDefaults.Access;

/// <summary>What a request says of where it comes from.</summary>
/// <param name="Host">The name it was sent to, with the port.</param>
/// <param name="IsLoopback">It came in on the loopback interface.</param>
/// <param name="IsForwarded">A proxy says that it passed it on.</param>
/// <param name="User">The person whom a trusted proxy has let in.</param>
public sealed record Sender(
    string Host, bool IsLoopback, bool IsForwarded, string? Origin, string? FetchSite, bool HasConsoleHeader, string? Token, string? Cookie,
        string? User)
{
    /// <summary>A header that a form of another site cannot send, and a script of another site only with our consent, which it never
    /// gets.</summary>
    public const string ConsoleHeader = "X-LeadSync-Console";

    /// <summary>What a browser remembers of the token that it was let in with.</summary>
    public const string CookieName = "leadsync";

    private const string Scheme = "Bearer ";

    private static readonly string[] ForwardingHeaders =
        ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Real-IP",
            "CF-Connecting-IP", "True-Client-IP"];

    public bool IsBrowser => Origin is not null || FetchSite is not null;

    // A proxy may have changed the host, and not every browser says more than the origin.
    public bool IsOurPage => HasConsoleHeader && (FetchSite is null
        ? Uri.TryCreate(Origin, UriKind.Absolute, out var origin) && origin.Authority.Equals(Host, StringComparison.OrdinalIgnoreCase)
        : FetchSite == "same-origin");

    public string HostName => HostString.FromUriComponent(Host).Host.Trim('[', ']');

    public bool IsLoopbackName => Uri.TryCreate($"http://{Host}", UriKind.Absolute, out var address) && address.IsLoopback;

    public static Sender Of(HttpContext context, AccessOptions options)
    {
        var headers = context.Request.Headers;
        var authorization = headers.Authorization.ToString();
        var connection = context.Connection;
        return new(
            context.Request.Host.Value ?? "",
            connection is { LocalIpAddress: { } local, RemoteIpAddress: { } remote } && IPAddress.IsLoopback(local)
                && IPAddress.IsLoopback(remote),
            ForwardingHeaders.Any(headers.ContainsKey),
            One("Origin"),
            One("Sec-Fetch-Site"),
            headers.ContainsKey(ConsoleHeader),
            authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null,
            context.Request.Cookies[CookieName],
            options.UserHeader is { } header && connection.RemoteIpAddress is { } proxy && IsTrusted(proxy)
                && One(header) is { Length: > 0 } user ? user : null);

        string? One(string name) => headers.TryGetValue(name, out var value) ? value.ToString() : null;

        bool IsTrusted(IPAddress address) =>
            options.TrustedProxies.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));
    }
}
