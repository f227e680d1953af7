using LeadSync.Contracts;
using LeadSync.Gateway.Records;

namespace LeadSync.Gateway.Notifications;

/// <summary>Asks the gateway itself to announce leads once more, later.</summary>
/// <param name="DueAt">In our clock.</param>
internal sealed record LookAgain(LeadsAnnounced Announcement, DateTimeOffset DueAt)
{
    public static IEnumerable<LookAgain> At(IEnumerable<(AnnouncedLead Lead, TimeSpan Pause)> later, DateTimeOffset now) =>
        later
            .GroupBy(again => again.Pause, again => again.Lead)
            .SelectMany(leads => AnnouncedLead.Together(leads).Select(announcement => new LookAgain(announcement, now + leads.Key)));
}
