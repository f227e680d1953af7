using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LeadSync.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    // Callers such as Kubernetes and HealthProbe wait for five seconds at most.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>
    /// <c>/health/live</c> says that the process answers and does not hang while messages wait. An outage of broker or database must not
    /// restart pods. <c>/health/ready</c> says that bus, database and topology are there, or which of them is missing and why.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("live"),
            ResponseWriter = (context, report) => context.Response.WriteAsync(Reason(report, otherwise: "alive")),
        });
        app.Map("/health/ready", Ready);
    }

    private static async Task<IResult> Ready(HttpContext http, HealthCheckService checks, TimeProvider clock, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            var report = await checks.CheckHealthAsync(check => check.Tags.Contains("ready"), ct).WaitAsync(Patience, clock, ct);
            return Results.Text(Reason(report, otherwise: "ready"), statusCode: report.Status == HealthStatus.Healthy
                ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }
        catch (TimeoutException)
        {
            return Results.Text($"The database or the broker did not answer within {Patience.TotalSeconds:0} s.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static string Reason(HealthReport report, string otherwise) =>
        report.Status == HealthStatus.Healthy
            ? otherwise
            : string.Join("\n", report.Entries
                .Where(entry => entry.Value.Status != HealthStatus.Healthy)
                .Select(entry => $"{entry.Key}: {entry.Value.Description ?? entry.Value.Exception?.Message ?? "not ready"}"));
}
