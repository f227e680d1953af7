namespace LeadSync.Contracts;

/// <summary>How much of Zoho's API credits the gateway has spent, by Zoho's price list. Zoho counts them over the last 24 hours, for the whole organization.</summary>
/// <param name="Used">In the last 24 hours (to the hour: up to one more is counted), by all replicas.</param>
/// <param name="Budget">How many there are a day; null for no budget.</param>
/// <param name="Reserve">How many of them are for notifications.</param>
/// <param name="Remaining">What Zoho says is left of the organization's, whoever spent the rest; it says so once half of them are spent.</param>
/// <param name="ResetsAt">When the first of them are free again, the database's clock; null when none are spent.</param>
/// <param name="CountedAt">The database's clock.</param>
public sealed record CreditsCounted(
    long Used, long? Budget, long Reserve, long? Remaining, DateTimeOffset? ResetsAt, DateTimeOffset CountedAt);
