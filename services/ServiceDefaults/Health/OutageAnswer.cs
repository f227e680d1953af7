using LeadSync.ServiceDefaults.Bus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSync.ServiceDefaults.Health;

/// <summary>The answer of an endpoint while the database, the broker or another service is away: 503 and one sentence that says what to do,
/// instead of an empty 500 or a long silence.</summary>
public static class OutageAnswer
{
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(4);

    /// <summary>Lets an endpoint that only reads answer after seconds while the database is frozen. Npgsql gives a connection up only after
    /// 15 seconds, even when its caller cancels.</summary>
    public static RouteHandlerBuilder WithReadTimeout(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(async (call, next) =>
    {
        var http = call.HttpContext;
        var clock = http.RequestServices.GetRequiredService<TimeProvider>();
        try
        {
            return await next(call).AsTask().WaitAsync(ReadPatience, clock, http.RequestAborted);
        }
        catch (TimeoutException)
        {
            return For(http, OutageSentence.OfDatabase);
        }
    });

    internal static void Use(WebApplication app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (!http.Response.HasStarted && OutageSentence.Of(e) is { } sentence)
        {
            await For(http, sentence).ExecuteAsync(http);
        }
    });

    /// <summary>503 and the sentence.</summary>
    public static IResult For(HttpContext http, string sentence)
    {
        http.Response.Headers.RetryAfter = "5";
        return Results.Text(sentence, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
