namespace LeadSync.ServiceDefaults.Parking;

/// <summary>What a parked message was sent with, beside its body.</summary>
public sealed record MessageProperties(string? ContentType, string? MessageId, IReadOnlyDictionary<string, string> Headers);
