using LeadSync.ServiceDefaults.Access;

namespace LeadSync.Scheduler.Console;

/// <summary>How a person signs in with a browser.</summary>
internal static class ConsoleAccess
{
    /// <summary>Guards everything but the bare status and the files of the sign-in page.</summary>
    public static void UseConsoleAccess(this WebApplication app)
    {
        var files = app.Services.GetRequiredService<ConsoleFiles>();
        app.UseAccess(
            path => path == "/status" || path == "/runbooks" || path == "/console/access" || path.StartsWithSegments("/console/files"),
            async (context, refusal) =>
            {
                // A person who opens a page without a token gets the page that asks for it.
                var isPage = context.Request.Path == "/" || context.Request.Path.StartsWithSegments("/console/leads");
                if (refusal.Status != StatusCodes.Status401Unauthorized || !isPage)
                    return false;

                await files.Answer(context, "sign-in.html").ExecuteAsync(context);
                return true;
            });
    }

    public static void MapConsoleAccess(this RouteGroupBuilder console)
    {
        console.MapGet("/access", (HttpContext http, AccessOptions options) =>
            TypedResults.Ok(AccessAnswer.Of(Sender.Of(http, options), options)));
        console.MapGet("/sign-in", (HttpContext http, AccessOptions options) =>
        {
            // Only a caller that has shown a token gets here. The cookie's value is worth nothing elsewhere, and no script can read it.
            if (Sender.Of(http, options).Token is { } token)
            {
                http.Response.Cookies.Append(Sender.CookieName, AccessRules.Cookie(token), new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    Secure = http.Request.IsHttps,
                    Path = "/",
                });
            }

            return TypedResults.NoContent();
        });
    }
}

/// <summary>Whether the caller may start actions.</summary>
/// <param name="Actions"><c>open</c>, <c>token</c> when the caller needs the action token, or <c>closed</c>.</param>
internal sealed record AccessAnswer(string Actions, string? Reason)
{
    public static AccessAnswer Of(Sender sender, AccessOptions options) =>
        AccessRules.ActionRefusal(sender with { Origin = null, FetchSite = null }, options) switch
        {
            null => new("open", null),
            { Status: StatusCodes.Status401Unauthorized } => new("token", null),
            var refusal => new("closed", refusal.Reason),
        };
}
