namespace LeadSync.ZohoSimulator.Gate;

internal static class Throttle
{
    /// <summary>Zoho: only the message distinguishes the limits.</summary>
    public static ZohoError Error(Dials dials, string message = "Too many requests. Please try again later.") =>
        new(dials.ThrottleStatus, dials.ThrottleCode, message);
}
