using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace LeadSync.Scheduler.Console;

/// <summary>
/// Who may give orders. Reading changes nothing and is open to whoever reaches the scheduler; every POST is an order.
/// </summary>
internal static class ActionAccess
{
    /// <summary>A header that a form of another site cannot send, and a script of another site only with our consent, which it never gets.</summary>
    public const string ConsoleHeader = "X-LeadSync-Console";

    /// <summary>Refuses orders that are not allowed, whichever endpoint they are for.</summary>
    public static void UseActionAccess(this WebApplication app)
    {
        var token = app.Services.GetRequiredService<ConsoleOptions>().ActionToken;
        app.Use(async (context, next) =>
        {
            if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
                && Refusal(Sender.Of(context), token) is var (status, reason))
            {
                context.Response.StatusCode = status;
                context.Response.ContentType = "text/plain; charset=utf-8";
                await context.Response.WriteAsync(reason, context.RequestAborted);
                return;
            }

            await next(context);
        });
    }

    /// <summary>Why an order is refused; null when it is allowed.</summary>
    /// <param name="token">The configured one, if there is one.</param>
    public static (int Status, string Reason)? Refusal(Sender sender, string? token)
    {
        // Only browsers send these two, and no page can change what they say.
        if (sender.IsBrowser && !sender.IsOurPage)
            return (StatusCodes.Status403Forbidden, "Orders come from the console's own page, or from a program that is no browser.");
        if (token is not null)
        {
            return sender.Token is { } given && Equal(given, token)
                ? null
                : (StatusCodes.Status401Unauthorized, "This order needs the action token: send it as \"Authorization: Bearer <Console__ActionToken>\".");
        }

        // A name that resolves to this machine by somebody else's doing is no name of ours.
        return sender.IsLoopback && sender.IsLoopbackName
            ? null
            : (StatusCodes.Status403Forbidden, "Without an action token orders are taken from this machine only: set Console__ActionToken.");
    }

    private static bool Equal(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
}

/// <summary>What a request says of where it comes from.</summary>
/// <param name="Host">The name it was sent to, with the port.</param>
/// <param name="IsLoopback">It came in on the loopback interface, and no proxy passed it on.</param>
internal sealed record Sender(string Host, bool IsLoopback, string? Origin, string? FetchSite, bool HasConsoleHeader, string? Token)
{
    public bool IsBrowser => Origin is not null || FetchSite is not null;

    // A proxy may have changed the host, and not every browser says more than the origin.
    public bool IsOurPage => HasConsoleHeader && (FetchSite is null
        ? Uri.TryCreate(Origin, UriKind.Absolute, out var origin) && origin.Authority.Equals(Host, StringComparison.OrdinalIgnoreCase)
        : FetchSite == "same-origin");

    public bool IsLoopbackName =>
        Uri.TryCreate($"http://{Host}", UriKind.Absolute, out var address) && address.IsLoopback;

    public static Sender Of(HttpContext context)
    {
        var headers = context.Request.Headers;
        const string scheme = "Bearer ";
        var authorization = headers.Authorization.ToString();
        return new(
            context.Request.Host.Value ?? "",
            context.Connection is { LocalIpAddress: { } local, RemoteIpAddress: { } remote } && IPAddress.IsLoopback(local) && IPAddress.IsLoopback(remote)
                && !headers.ContainsKey("X-Forwarded-For") && !headers.ContainsKey("Forwarded"),
            One("Origin"),
            One("Sec-Fetch-Site"),
            headers.ContainsKey(ActionAccess.ConsoleHeader),
            authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? authorization[scheme.Length..].Trim() : null);

        string? One(string name) => headers.TryGetValue(name, out var value) ? value.ToString() : null;
    }
}
