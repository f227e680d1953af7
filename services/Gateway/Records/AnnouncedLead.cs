using LeadSync.Contracts;

namespace LeadSync.Gateway.Records;

/// <summary>One lead that may have changed, as all announcements of a batch together say it.</summary>
/// <param name="TraceParent">The trace that began with its announcement; null when there is none.</param>
internal sealed record AnnouncedLead(string Id, Source Source, DateTimeOffset AnnouncedAt, int Attempt, string? TraceParent = null)
{
    /// <summary>One entry for each id: announced when it was last announced, with all attempts left that any announcement has, and as
    /// missed by a full comparison if it is that, because then Zoho is asked more carefully.</summary>
    /// <param name="announcements">Each with the trace that it came in.</param>
    public static IReadOnlyList<AnnouncedLead> Of(IEnumerable<(LeadsAnnounced Message, string? TraceParent)> announcements) =>
    [
        .. announcements
            .SelectMany(announcement => announcement.Message.Ids.Select(id => One(id, announcement.Message, announcement.TraceParent)))
            .GroupBy(lead => lead.Id)
            .Select(leads => leads.First() with
            {
                Source = leads.Max(lead => lead.Source),
                AnnouncedAt = leads.Max(lead => lead.AnnouncedAt),
                Attempt = leads.Min(lead => lead.Attempt),
            }),
    ];

    private static AnnouncedLead One(string id, LeadsAnnounced message, string? traceParent)
    {
        var origin = message.Origins?.GetValueOrDefault(id) ?? new Origin(message.AnnouncedAt, traceParent);
        return new AnnouncedLead(id, message.Source, origin.AnnouncedAt, message.Attempt, origin.TraceParent);
    }
}
