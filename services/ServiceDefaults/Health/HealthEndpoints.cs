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
            ResponseWriter = (context, report) => context.Response.WriteAsync(Reason(report, otherwise: "alive")),
        });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },
            ResponseWriter = (context, report) => context.Response.WriteAsync(Reason(report, otherwise: "ready")),
        });
    }

    private static string Reason(HealthReport report, string otherwise) =>
        report.Status == HealthStatus.Healthy
            ? otherwise
            : string.Join("\n", report.Entries
                .Where(entry => entry.Value.Status != HealthStatus.Healthy)
                .Select(entry => $"{entry.Key}: {entry.Value.Description ?? entry.Value.Exception?.Message ?? "not ready"}"));
}
