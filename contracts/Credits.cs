namespace LeadSync.Contracts;

/// <summary>The API credits that the gateway has spent, by Zoho's price list. Zoho counts them over the last 24 hours, for the whole
/// organization.</summary>
/// <param name="Used">Credits that all replicas spent in the last 24 hours. Counted by the hour, so up to one hour more.</param>
/// <param name="Budget">Credits that may be spent a day; null for no budget.</param>
/// <param name="Reserve">Credits of the budget that are kept for notifications.</param>
/// <param name="Remaining">Credits that Zoho says the organization has left, whoever spent the others. Zoho says it once half of them are
/// spent.</param>
/// <param name="ResetsAt">The database's clock: when the first of the spent credits are free again; null when none are spent.</param>
/// <param name="CountedAt">The database's clock.</param>
public sealed record CreditsCounted(
    long Used, long? Budget, long Reserve, long? Remaining, DateTimeOffset? ResetsAt, DateTimeOffset CountedAt);
