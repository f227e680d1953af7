using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>Announces notified leads: the first at once, and in one message all that came in shortly after, or while the broker confirmed the message before.</summary>
internal sealed class Announcements : IDisposable
{
    private const int NotificationsAtOnce = 200;

    // Whatever is announced together is read, folded and committed together, or nearly. Ten milliseconds of waiting save more than that, and a fifth of the
    // processors: see docs/decisions/0044.
    internal static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(15);

    private readonly Publish publish;
    private readonly TimeProvider time;
    private readonly Gathering<(IReadOnlyList<string> Ids, Origin Origin)> gathering;

    public Announcements(Publish publish, TimeProvider time)
    {
        (this.publish, this.time) = (publish, time);
        gathering = new(NotificationsAtOnce, hands: 1, Apart, time, Announce);
    }

    /// <returns>Ends when the broker has confirmed them all; fails when it does not within <see cref="NotificationIntake.Patience"/>.</returns>
    public Task Announce(IReadOnlyList<string> ids, Origin origin) => gathering.Add((ids, origin));

    public void Dispose() => gathering.Dispose();

    private async Task Announce(IReadOnlyList<(IReadOnlyList<string> Ids, Origin Origin)> gathered)
    {
        // The last time that a lead was announced counts.
        var leads = new Dictionary<string, AnnouncedLead>();
        foreach (var (ids, origin) in gathered)
        {
            foreach (var id in ids)
                leads[id] = new AnnouncedLead(id, Source.Notification, origin.AnnouncedAt, Attempt: 0, origin.TraceParent);
        }

        using var patience = new CancellationTokenSource(NotificationIntake.Patience, time);
        await Task.WhenAll(AnnouncedLead.Together(leads.Values).Select(message => publish(message, patience.Token)));
    }
}
