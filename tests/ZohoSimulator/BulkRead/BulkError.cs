using LeadSync.ZohoSimulator.Gate;

namespace LeadSync.ZohoSimulator.BulkRead;

internal static class BulkError
{
    public static ZohoError Refused(string code, object? details = null) =>
        new(400, code, code.Replace('_', ' ').ToLowerInvariant(), details);
}
