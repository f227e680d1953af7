namespace LeadSync.ZohoSimulator.Gate;

internal static class Throttle
{
    /// <summary>Zoho: the message is all that tells one limit from another.</summary>
    public static ZohoError Error(Dials dials, string message = "Too many requests. Please try again later.") =>
        new(dials.ThrottleStatus, dials.ThrottleCode, message);
}
