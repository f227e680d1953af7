using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LeadSync.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    /// <summary>
    /// <c>/health/live</c> says that the process answers and does not hang while messages wait. An outage of broker or database must not
    /// restart pods. <c>/health/ready</c> says that bus, database and topology are there, or which of them is missing and why.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("live"),
            ResponseWriter = (context, report) => context.Response.WriteAsync(Readiness.Reason(report) ?? "alive"),
        });
        app.Map("/health/ready", Ready);
    }

    private static async Task<IResult> Ready(HttpContext http, HealthCheckService checks, TimeProvider clock, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        var trouble = await checks.Trouble(clock, ct);
        return Results.Text(trouble ?? "ready", statusCode: trouble is null ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable);
    }
}
