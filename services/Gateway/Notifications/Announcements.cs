using LeadSync.Contracts;
using LeadSync.Gateway.Records;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>Announces the leads of notifications. The first announcement starts at once. Leads that arrive shortly after it, or while the
/// broker confirms a message, share the next message.</summary>
internal sealed class Announcements : IDisposable
{
    private const int NotificationsPerBatch = 200;

    // Leads that are announced together are mostly read, folded and committed together. A pause of 15 ms saves more time than it takes, and
    // a fifth of the processors' work: docs/decisions/0044.
    internal static readonly TimeSpan MinimumInterval = TimeSpan.FromMilliseconds(15);

    private readonly Publish publish;
    private readonly TimeProvider clock;
    private readonly Batcher<Asked> batcher;

    public Announcements(Publish publish, TimeProvider clock)
    {
        (this.publish, this.clock) = (publish, clock);
        batcher = new(NotificationsPerBatch, maxConcurrentBatches: 1, MinimumInterval, clock, Announce);
    }

    /// <returns>A task that ends when the broker has confirmed all of the leads.</returns>
    /// <exception cref="TimeoutException">The broker did not confirm them within <see cref="NotificationIntake.Patience"/>.</exception>
    public async Task Announce(IReadOnlyList<string> ids, Origin origin)
    {
        var askedAt = clock.GetTimestamp();
        await batcher.Add(new(ids, origin, askedAt));
        // A late announcement is left out of the message, so the task that ended does not prove that the broker has the leads.
        if (IsLate(askedAt))
            throw new TimeoutException("The broker did not confirm in time.");
    }

    public void Dispose() => batcher.Dispose();

    private async Task Announce(IReadOnlyList<Asked> gathered)
    {
        // The last announcement of a lead counts. A late announcement is left out, so that later ones need not wait for it while the broker
        // is away: its sender has been answered 503, and a gap covers its leads.
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

    /// <param name="AskedAt">A timestamp of this machine's clock.</param>
    private readonly record struct Asked(IReadOnlyList<string> Ids, Origin Origin, long AskedAt);
}
