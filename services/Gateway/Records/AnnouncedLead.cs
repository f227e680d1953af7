using LeadSync.Contracts;

namespace LeadSync.Gateway.Records;

/// <summary>A lead that may have changed: what all announcements of a batch say about it.</summary>
/// <param name="Attempt">How many attempts to read the lead gave no result.</param>
/// <param name="TraceParent">The trace that began with the lead's announcement; null when there is none.</param>
/// <param name="Failures">How often the gateway failed to ask Zoho about the lead.</param>
internal sealed record AnnouncedLead(
    string Id, Source Source, DateTimeOffset AnnouncedAt, int Attempt, string? TraceParent = null, int Failures = 0)
{
    private const int LeadsPerMessage = 50;

    /// <summary>Announces leads together, each with its own time and trace.</summary>
    public static IEnumerable<LeadsAnnounced> Together(IEnumerable<AnnouncedLead> leads) =>
        leads
            .GroupBy(lead => (lead.Source, lead.Attempt, lead.Failures))
            .SelectMany(alike => alike.Chunk(LeadsPerMessage).Select(chunk => new LeadsAnnounced(
                [.. chunk.Select(lead => lead.Id)],
                alike.Key.Source,
                chunk.Min(lead => lead.AnnouncedAt),
                alike.Key.Attempt,
                chunk.ToDictionary(lead => lead.Id, lead => new Origin(lead.AnnouncedAt, lead.TraceParent)),
                alike.Key.Failures)));

    /// <summary>One entry for each id, with the time of its last announcement, and with the fewest attempts of all its announcements. When
    /// a full comparison announced the lead, that is its source, because the gateway then asks Zoho more carefully.</summary>
    /// <param name="announcements">Each with its trace.</param>
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
                Failures = leads.Min(lead => lead.Failures),
            }),
    ];

    private static AnnouncedLead One(string id, LeadsAnnounced message, string? traceParent)
    {
        var origin = message.Origins?.GetValueOrDefault(id) ?? new Origin(message.AnnouncedAt, traceParent);
        return new AnnouncedLead(id, message.Source, origin.AnnouncedAt, message.Attempt, origin.TraceParent, message.Failures);
    }
}
