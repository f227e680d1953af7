using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>Leads that the gateway reads again without a notification of Zoho, because a full comparison, a bulk page or a replay announced
/// them.</summary>
internal sealed record LeadsInQuestion(LeadsAnnounced Announcement);

/// <summary>Asks the gateway itself to announce leads again, later.</summary>
/// <param name="DueAt">This machine's clock: when the leads are to be announced.</param>
internal sealed record LookAgain(LeadsAnnounced Announcement, DateTimeOffset DueAt)
{
    /// <summary>Publishes <see cref="LookAgain"/> for notified leads, and <see cref="LookAgainInQuestion"/> for others.</summary>
    public static Task Publish(
        IEnumerable<(AnnouncedLead Lead, TimeSpan Pause)> later, DateTimeOffset now, Publish publish, CancellationToken ct) =>
        Task.WhenAll(
            from leads in later.GroupBy(again => again.Pause, again => again.Lead)
            from announcement in AnnouncedLead.Together(leads)
            let dueAt = now + leads.Key
            select announcement.Source == Source.Notification
                ? publish(new LookAgain(announcement, dueAt), ct)
                : publish(new LookAgainInQuestion(new LeadsInQuestion(announcement), dueAt), ct));
}

/// <summary>Like <see cref="LookAgain"/>, for leads of which Zoho has sent no notification.</summary>
internal sealed record LookAgainInQuestion(LeadsInQuestion Question, DateTimeOffset DueAt);
