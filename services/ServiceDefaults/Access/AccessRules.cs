using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace LeadSync.ServiceDefaults.Access;

/// <summary>Decides whether a request is allowed. Pure.</summary>
public static class AccessRules
{
    private const string CookiePurpose = "leadsync console";
    private const string Trusted = "Access__TrustLoopback trusts programs of the service's own user on the same machine, and no proxies.";

    /// <summary>Against DNS rebinding: an attacker's host name can resolve to this machine, so requests for unknown names are refused. An
    /// address cannot be rebound.</summary>
    public static Refusal? HostRefusal(Sender sender, AccessOptions options)
    {
        var isKnown = options.Hosts.Contains(sender.HostName, StringComparer.OrdinalIgnoreCase)
            || IPAddress.TryParse(sender.HostName, out _);
        return (sender.IsLoopback && (sender.IsLoopbackName || isKnown)) || (!sender.IsLoopback && (options.Hosts.Count == 0 || isKnown))
            ? null
            : new(StatusCodes.Status421MisdirectedRequest,
                "The request names a host that this service does not know: add the name to Access__Hosts if it belongs to the service.");
    }

    public static Refusal? ActionRefusal(Sender sender, AccessOptions options)
    {
        // Only browsers send these two headers, and no page can change them.
        if (sender.IsBrowser && !sender.IsOurPage)
            return new(StatusCodes.Status403Forbidden, "A browser may start actions only from the console's own page.");
        if (IsTrusted(sender, options))
            return null;
        if (options.ActionToken is not { } token)
        {
            return new(StatusCodes.Status403Forbidden, options.TrustLoopback
                ? $"You cannot start actions from there: {Trusted} To start actions from elsewhere, set Access__ActionToken."
                : "Nobody can start actions, because no action token is configured: set Access__ActionToken, or "
                    + "Access__TrustLoopback=true on a machine of your own.");
        }

        return sender.Token is { } given && Equal(given, token)
            ? null
            : new(StatusCodes.Status401Unauthorized,
                "This action needs the action token: send it as \"Authorization: Bearer <Access__ActionToken>\".")
            {
                IsGuess = sender.Token is not null,
            };
    }

    public static Refusal? ReadRefusal(Sender sender, AccessOptions options)
    {
        if (IsTrusted(sender, options) || sender.User is not null)
            return null;

        string[] tokens = [.. new[] { options.ReadToken, options.ActionToken }.OfType<string>()];
        if (tokens.Length == 0)
        {
            return new(StatusCodes.Status403Forbidden, options.TrustLoopback
                ? $"You cannot read from there: {Trusted} To read from elsewhere, set Access__ReadToken."
                : "Nobody can read this, because no token is configured: set Access__ReadToken, or Access__TrustLoopback=true on a "
                    + "machine of your own.");
        }

        return tokens.Any(token => (sender.Token is { } given && Equal(given, token))
            || (sender.Cookie is { } cookie && Equal(cookie, Cookie(token))))
            ? null
            : new(StatusCodes.Status401Unauthorized,
                "This needs the read token or the action token: send it as \"Authorization: Bearer <Access__ReadToken>\".")
            {
                IsGuess = sender.Token is not null || sender.Cookie is not null,
            };
    }

    /// <summary>The name of the caller who starts an action.</summary>
    public static string Name(Sender sender, AccessOptions options) =>
        sender.User ?? (IsTrusted(sender, options) ? "somebody on this machine" : "whoever has the action token");

    /// <summary>The value that a browser keeps in a cookie in place of the token.</summary>
    public static string Cookie(string token) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(CookiePurpose)));

    private static bool IsTrusted(Sender sender, AccessOptions options) =>
        options.TrustLoopback
        && sender is { IsLoopback: true, IsOurUsers: true, IsForwarded: false, IsLoopbackName: true, IsShownElsewhere: false };

    private static bool Equal(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}

/// <param name="Reason">The reason, in words for the caller.</param>
public sealed record Refusal(int Status, string Reason)
{
    /// <summary>The caller sent a token, or to read a cookie, and it was wrong.</summary>
    public bool IsGuess { get; init; }
}
