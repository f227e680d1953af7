using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSync.ServiceDefaults.Access;

/// <summary>Who started an action.</summary>
public sealed record Caller(string Name)
{
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? new("nobody known");
}

public static class Access
{
    public static void AddAccess(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton(AccessOptions.From(new Settings(builder.Configuration)));

    /// <summary>Refuses requests that are not allowed, for every endpoint. Every request but GET and HEAD is an action; the others
    /// read.</summary>
    /// <param name="isOpen">Paths that everybody may read, in addition to health and metrics.</param>
    /// <param name="refuse">Writes the refusal to a reader; null writes one sentence.</param>
    public static void UseAccess(this WebApplication app, Func<PathString, bool>? isOpen = null, Func<HttpContext, Refusal,
        Task<bool>>? refuse = null)
    {
        var options = app.Services.GetRequiredService<AccessOptions>();
        var guesses = new Guesses();
        app.Lifetime.ApplicationStopped.Register(guesses.Dispose);
        app.Use(async (context, next) =>
        {
            var sender = Sender.Of(context, options);
            var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
            var path = context.Request.Path;
            var isMachine = path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics");
            var reads = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
            var refusal = (isMachine && !sender.IsLoopback ? null : AccessRules.HostRefusal(sender, options)) switch
            {
                { } wrongHost => wrongHost,
                null when reads && (isMachine || isOpen?.Invoke(path) is true) => null,
                null => reads ? AccessRules.ReadRefusal(sender, options) : AccessRules.ActionRefusal(sender, options),
            };
            if (refusal is null)
            {
                context.Features.Set(new Caller(AccessRules.Name(sender, options)));
                await next(context);
                return;
            }

            // A right token is never refused: behind an ingress or a proxy, strangers share the address of everybody else. A token has
            // too many characters for anybody to find it by trying, at any rate.
            if (refusal.IsGuess && !guesses.Allow(address, sender))
                refusal = new Refusal(
                    StatusCodes.Status429TooManyRequests, "Too many wrong tokens or cookies came from your address: wait a minute.");
            context.Response.StatusCode = refusal.Status;
            if (refusal.Status == StatusCodes.Status429TooManyRequests)
                context.Response.Headers.RetryAfter = "60";
            if (refuse is not null && await refuse(context, refusal))
                return;

            await context.Refuse(refusal);
        });
    }

    /// <summary>Answers with the refusal's reason.</summary>
    public static Task Refuse(this HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(refusal.Reason, context.RequestAborted);
    }
}
