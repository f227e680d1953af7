using LeadSync.Contracts;

namespace LeadSync.Gateway.Records;

/// <summary>One lead that may have changed, as all announcements of a batch together say it.</summary>
internal sealed record AnnouncedLead(string Id, Source Source, DateTimeOffset AnnouncedAt, int Attempt)
{
    /// <summary>One entry for each id: announced when it was last announced, with all attempts left that any announcement has, and as
    /// missed by a full comparison if it is that, because then Zoho is asked more carefully.</summary>
    public static IReadOnlyList<AnnouncedLead> Of(IEnumerable<LeadsAnnounced> announcements) =>
    [
        .. announcements
            .SelectMany(announcement => announcement.Ids.Select(id => (Id: id, Announcement: announcement)))
            .GroupBy(announced => announced.Id, announced => announced.Announcement)
            .Select(group => new AnnouncedLead(
                group.Key,
                group.Max(announcement => announcement.Source),
                group.Max(announcement => announcement.AnnouncedAt),
                group.Min(announcement => announcement.Attempt))),
    ];
}
