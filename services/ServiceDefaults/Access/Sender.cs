using System.Net;
using Microsoft.AspNetCore.Http;

namespace LeadSync.ServiceDefaults.Access;

/// <summary>The properties of a request that identify its sender.</summary>
/// <param name="Host">The host name and port that the request was sent to.</param>
/// <param name="IsLoopback">The request arrived on the loopback interface.</param>
/// <param name="IsOurUsers">The service's own user, or root, opened the connection. Looked up only where loopback is trusted.</param>
/// <param name="IsForwarded">A proxy says that it forwarded the request, or the request speaks HTTP/1.0: by default, nginx before 1.29.7
/// adds no header but speaks HTTP/1.0, which no browser does.</param>
/// <param name="User">The person whom a trusted proxy has authenticated.</param>
public sealed record Sender(
    string Host, bool IsLoopback, bool IsOurUsers, bool IsForwarded, string? Origin, string? FetchSite, bool HasConsoleHeader,
        string? Token, string? Cookie, string? User)
{
    /// <summary>A form of another site cannot send this header. A script of another site can send it only with our consent, which the
    /// service never gives.</summary>
    public const string ConsoleHeader = "X-LeadSync-Console";

    /// <summary>The cookie that a browser keeps after it has shown a token.</summary>
    public const string CookieName = "leadsync";

    private const string Scheme = "Bearer ";

    private static readonly string[] ForwardingHeaders =
        ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Real-IP",
            "CF-Connecting-IP", "True-Client-IP"];

    public bool IsBrowser => Origin is not null || FetchSite is not null;

    // A proxy may have changed the host, and not every browser says more than the origin.
    public bool IsOurPage => HasConsoleHeader && (FetchSite is null
        ? !IsShownElsewhere
        : FetchSite == "same-origin");

    /// <summary>A browser shows this page under another address than the one that the request was sent to.</summary>
    public bool IsShownElsewhere => Origin is not null
        && !(Uri.TryCreate(Origin, UriKind.Absolute, out var origin) && origin.Authority.Equals(Host, StringComparison.OrdinalIgnoreCase));

    public string HostName => HostString.FromUriComponent(Host).Host.Trim('[', ']');

    public bool IsLoopbackName => Uri.TryCreate($"http://{Host}", UriKind.Absolute, out var address) && address.IsLoopback;

    public static Sender Of(HttpContext context, AccessOptions options)
    {
        var headers = context.Request.Headers;
        var authorization = headers.Authorization.ToString();
        var connection = context.Connection;
        var isLoopback = connection is { LocalIpAddress: { } local, RemoteIpAddress: { } remote } && IPAddress.IsLoopback(local)
            && IPAddress.IsLoopback(remote);
        return new(
            context.Request.Host.Value ?? "",
            isLoopback,
            isLoopback && options.TrustLoopback && ConnectionOwners.AreOurs(context),
            ForwardingHeaders.Any(headers.ContainsKey) || HttpProtocol.IsHttp10(context.Request.Protocol),
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
