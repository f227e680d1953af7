using LeadSync.Scheduler.Planning;

namespace LeadSync.Scheduler.Status;

/// <summary>API credits as the gateway counted them; all null before its first report.</summary>
/// <param name="Used">Credits that were spent in the last 24 hours.</param>
/// <param name="Budget">Credits that LeadSync may spend in 24 hours; null for no budget.</param>
/// <param name="Reserve">Credits of the budget that are kept for notifications.</param>
/// <param name="Left">Credits that are left of the budget, or of the organization's credits by Zoho's count if those are fewer.</param>
/// <param name="ResetsAt">When the first of the spent credits are free again.</param>
/// <param name="Postponed">The kinds of readings that are due and wait for credits.</param>
internal sealed record CreditReport(
    long? Used, long? Budget, long? Reserve, long? Left, DateTimeOffset? ResetsAt, DateTimeOffset? CountedAt,
        IReadOnlyList<Postponed> Postponed)
{
    public static CreditReport Of(SyncState state, SchedulerOptions options, DateTimeOffset now) => new(
        state.Credits?.Used,
        state.Credits?.Budget,
        state.Credits?.Reserve,
        CreditPlan.Left(state.Credits),
        state.Credits?.ResetsAt,
        state.Credits?.CountedAt,
        [.. CreditPlan.Postponed(state, options, now)]);
}
