using LeadSync.Contracts;
using LeadSync.Gateway.Records;

namespace LeadSync.Gateway.Notifications;

/// <summary>Leads to be read again without a notification of Zoho: full comparisons, bulk pages and replays announce them.</summary>
internal sealed record LeadsInQuestion(LeadsAnnounced Announcement);

/// <summary>Asks the gateway itself to announce leads again, later.</summary>
/// <param name="DueAt">This machine's clock: when the leads are to be announced.</param>
internal sealed record LookAgain(LeadsAnnounced Announcement, DateTimeOffset DueAt)
{
    public static IEnumerable<LookAgain> At(IEnumerable<(AnnouncedLead Lead, TimeSpan Pause)> later, DateTimeOffset now) =>
        later
            .GroupBy(again => again.Pause, again => again.Lead)
            .SelectMany(leads => AnnouncedLead.Together(leads).Select(announcement => new LookAgain(announcement, now + leads.Key)));
}
