using LeadSync.Scheduler.Planning;

namespace LeadSync.Scheduler.Status;

/// <summary>API credits as the gateway counted them; all null before it did.</summary>
/// <param name="Used">In the last 24 hours.</param>
/// <param name="Budget">A day; null for no budget.</param>
/// <param name="Reserve">How many of them are kept for notifications.</param>
/// <param name="Left">Of the budget, or of what Zoho says the organization has left if that is less.</param>
/// <param name="ResetsAt">When the first of them are free again.</param>
/// <param name="Postponed">What is due and waits for credits.</param>
internal sealed record CreditReport(
    long? Used, long? Budget, long? Reserve, long? Left, DateTimeOffset? ResetsAt, DateTimeOffset? CountedAt, IReadOnlyList<Postponed> Postponed)
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
