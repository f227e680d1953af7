using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LeadSync.ServiceDefaults.Health;

internal static class HealthEndpoints
{
    /// <summary>
    /// <c>/health/live</c> says only that the process answers: a broker's outage must not restart pods.
    /// <c>/health/ready</c> says that bus, database and topology are there, or which of them is not and why.
    /// </summary>
    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResultStatusCodes = { [HealthStatus.Degraded] = StatusCodes.Status503ServiceUnavailable },
            ResponseWriter = (context, report) => context.Response.WriteAsync(Reason(report)),
        });
    }

    private static string Reason(HealthReport report) =>
        report.Status == HealthStatus.Healthy
            ? "ready"
            : string.Join("\n", report.Entries
                .Where(entry => entry.Value.Status != HealthStatus.Healthy)
                .Select(entry => $"{entry.Key}: {entry.Value.Description ?? entry.Value.Exception?.Message ?? "not ready"}"));
}
