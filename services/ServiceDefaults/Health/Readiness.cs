using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LeadSync.ServiceDefaults.Health;

internal static class Readiness
{
    // Callers such as Kubernetes and HealthProbe wait for five seconds at most.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <returns>Which of bus, database and topology is missing, and why; null when this process is ready.</returns>
    public static async Task<string?> Trouble(this HealthCheckService checks, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            var report = await checks.CheckHealthAsync(check => check.Tags.Contains("ready"), ct).WaitAsync(Patience, clock, ct);
            return Reason(report);
        }
        catch (TimeoutException)
        {
            return $"The database or the broker did not answer within {Patience.TotalSeconds:0} s.";
        }
    }

    /// <returns>Null when the report is good.</returns>
    public static string? Reason(HealthReport report) => report.Status == HealthStatus.Healthy
        ? null
        : string.Join("\n", report.Entries
            .Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => $"{entry.Key}: {entry.Value.Description ?? entry.Value.Exception?.Message ?? "not ready"}"));
}
