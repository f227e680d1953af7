using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Deleted;

/// <summary>A lead in the list of deleted records.</summary>
internal sealed record DeletedRecord(Lead Lead, Deletion Deletion, bool Permanent);

internal static class DeletedRecords
{
    private static readonly TimeSpan RecycledFor = TimeSpan.FromDays(60);
    private static readonly TimeSpan ListedFor = TimeSpan.FromDays(120);

    /// <summary>Zoho: 60 days in the recycle bin, then gone for good; listed for 120 days. Newest first inside each type, as far as samples show.</summary>
    /// <param name="since">Deleted at or after this.</param>
    public static IReadOnlyList<DeletedRecord> List(IEnumerable<Lead> deleted, string type, DateTimeOffset? since, DateTimeOffset now, bool oldestFirst)
    {
        var listed = deleted
            .Where(lead => lead.Deletion is { } deletion && deletion.Time > now - ListedFor && (since is null || deletion.Time >= since))
            .Select(lead => new DeletedRecord(lead, lead.Deletion!, lead.State == LeadState.Purged || lead.Deletion!.Time <= now - RecycledFor))
            .Where(record => type == "all" || record.Permanent == (type == "permanent"))
            .OrderBy(record => record.Permanent);
        return oldestFirst
            ? [.. listed.ThenBy(record => record.Deletion.Time).ThenBy(record => record.Lead.Id)]
            : [.. listed.ThenByDescending(record => record.Deletion.Time).ThenByDescending(record => record.Lead.Id)];
    }
}
