using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Deleted;

/// <summary>A lead in the list of deleted records.</summary>
internal sealed record DeletedRecord(Lead Lead, DateTimeOffset DeletedTime, bool Permanent);

internal static class DeletedRecords
{
    private static readonly TimeSpan RecycledFor = TimeSpan.FromDays(60);
    private static readonly TimeSpan ListedFor = TimeSpan.FromDays(120);

    /// <summary>Zoho: 60 days in the recycle bin, then gone for good; listed for 120 days.</summary>
    /// <param name="since">Deleted at or after this.</param>
    /// <param name="oldestFirst">Zoho's samples show the newest first inside each type.</param>
    public static IEnumerable<DeletedRecord> List(
        IEnumerable<Lead> deleted, string type, DateTimeOffset? since, DateTimeOffset now, bool oldestFirst)
    {
        var listed = deleted
            .Where(lead => lead.Deletion?.Time > now - ListedFor && (since is null || lead.Deletion.Time >= since))
            .Select(lead => new DeletedRecord(lead, lead.Deletion!.Time, !CanBeRestored(lead, now)))
            .Where(record => type == "all" || record.Permanent == (type == "permanent"))
            .OrderBy(record => record.Permanent);
        return oldestFirst
            ? listed.ThenBy(record => record.DeletedTime).ThenBy(record => record.Lead.Id)
            : listed.ThenByDescending(record => record.DeletedTime).ThenByDescending(record => record.Lead.Id);
    }

    public static bool CanBeRestored(Lead lead, DateTimeOffset now) =>
        lead.State == LeadState.Recycled && lead.Deletion?.Time > now - RecycledFor;
}
