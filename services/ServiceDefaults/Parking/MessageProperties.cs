namespace LeadSync.ServiceDefaults.Parking;

/// <summary>The properties that a parked message was sent with, besides its body.</summary>
public sealed record MessageProperties(string? ContentType, string? MessageId, IReadOnlyDictionary<string, string> Headers);
