namespace LeadSync.Contracts;

/// <summary>Asks the projector to send the changes again that the webhook's receiver has refused.</summary>
public sealed record ReplayChanges(DateTimeOffset OrderedAt);
