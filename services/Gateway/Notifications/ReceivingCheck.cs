using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LeadSync.Gateway.Notifications;

/// <summary>
/// Checks whether the table <c>gateway.replica</c> has this replica. Until then no notification may be routed to the replica, because a
/// crash would leave no gap.
/// </summary>
internal sealed class ReceivingCheck(ReceivingRecorder recorder) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(recorder.HasAppeared
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(
                "this gateway is not in the table gateway.replica yet: it enters itself as soon as database and broker answer"));
}
