using LeadSync.ServiceDefaults.Bus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace LeadSync.ServiceDefaults.Health;

/// <summary>The answer of an endpoint while the database is away: 503 and one sentence, instead of an empty 500.</summary>
internal static class OutageAnswer
{
    private const string Sentence = "The database does not answer now: try again in a few seconds.";

    public static void Use(WebApplication app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (Retries.IsOutage(e) && !http.Response.HasStarted)
        {
            http.Response.Headers.RetryAfter = "5";
            await Results.Text(Sentence, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(http);
        }
    });
}
