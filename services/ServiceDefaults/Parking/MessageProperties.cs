namespace LeadSync.ServiceDefaults.Parking;

/// <summary>The properties of a parked message.</summary>
public sealed record MessageProperties(string? ContentType, string? MessageId, IReadOnlyDictionary<string, string> Headers);
