namespace LeadSync.Contracts;

/// <summary>Asks the projector to send once more the changes that the webhook's receiver has refused.</summary>
public sealed record ReplayChanges(DateTimeOffset OrderedAt);
