using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>Announces notified leads: the first at once, and in one message all that arrive shortly after, or while the broker confirms the
/// message before.</summary>
internal sealed class Announcements : IDisposable
{
    private const int NotificationsPerBatch = 200;

    // Leads that are announced together are read, folded and committed together, or nearly. A pause of 15 ms saves more time than it costs,
    // and a fifth of the processors' work: docs/decisions/0044.
    internal static readonly TimeSpan MinimumInterval = TimeSpan.FromMilliseconds(15);

    private readonly Publish publish;
    private readonly TimeProvider clock;
    private readonly Gathering<(IReadOnlyList<string> Ids, Origin Origin, long AskedAt)> gathering;

    public Announcements(Publish publish, TimeProvider clock)
    {
        (this.publish, this.clock) = (publish, clock);
        gathering = new(NotificationsPerBatch, maxConcurrentBatches: 1, MinimumInterval, clock, Announce);
    }

    /// <returns>Ends when the broker has confirmed them all; fails when it does not within <see
    /// cref="NotificationIntake.Patience"/>.</returns>
    public async Task Announce(IReadOnlyList<string> ids, Origin origin)
    {
        var askedAt = clock.GetTimestamp();
        await gathering.Add((ids, origin, askedAt));
        // The announcement may have been left out because it is late, and the caller does not know yet.
        if (IsLate(askedAt))
            throw new TimeoutException("The broker did not confirm in time.");
    }

    public void Dispose() => gathering.Dispose();

    private async Task Announce(IReadOnlyList<(IReadOnlyList<string> Ids, Origin Origin, long AskedAt)> gathered)
    {
        // The last announcement of a lead counts. A caller that has waited too long has been answered 503, which is a gap: while the broker
        // is away, later announcements must not wait for it.
        var leads = new Dictionary<string, AnnouncedLead>();
        foreach (var (ids, origin, _) in gathered.Where(asked => !IsLate(asked.AskedAt)))
        {
            foreach (var id in ids)
                leads[id] = new AnnouncedLead(id, Source.Notification, origin.AnnouncedAt, Attempt: 0, origin.TraceParent);
        }

        using var patience = new CancellationTokenSource(NotificationIntake.Patience, clock);
        await Task.WhenAll(AnnouncedLead.Together(leads.Values).Select(message => publish(message, patience.Token)));
    }

    private bool IsLate(long askedAt) => clock.GetElapsedTime(askedAt) >= NotificationIntake.Patience;
}
