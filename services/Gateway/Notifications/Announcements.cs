using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Bus;

namespace LeadSync.Gateway.Notifications;

/// <summary>Announces notified leads: in one message all that came in while the broker confirmed the message before.</summary>
internal sealed class Announcements : IDisposable
{
    private const int NotificationsAtOnce = 200;
    private const int LeadsPerMessage = 50;

    private readonly Func<LeadsAnnounced, CancellationToken, Task> publish;
    private readonly TimeProvider time;
    private readonly Gathering<(IReadOnlyList<string> Ids, Origin Origin)> gathering;

    /// <param name="publish">Ends when the broker has confirmed.</param>
    public Announcements(Func<LeadsAnnounced, CancellationToken, Task> publish, TimeProvider time)
    {
        (this.publish, this.time) = (publish, time);
        gathering = new(NotificationsAtOnce, hands: 1, Publish);
    }

    /// <returns>Ends when the broker has confirmed them all; fails when it does not within <see cref="NotificationEndpoint.Patience"/>.</returns>
    public Task Announce(IReadOnlyList<string> ids, Origin origin) => gathering.Add((ids, origin));

    public void Dispose() => gathering.Dispose();

    private async Task Publish(IReadOnlyList<(IReadOnlyList<string> Ids, Origin Origin)> gathered)
    {
        var leads = new Dictionary<string, Origin>();
        foreach (var (ids, origin) in gathered)
        {
            foreach (var id in ids)
                leads[id] = origin;
        }

        using var patience = new CancellationTokenSource(NotificationEndpoint.Patience, time);
        await Task.WhenAll(leads.Chunk(LeadsPerMessage).Select(chunk => publish(Message(chunk), patience.Token)));
    }

    private static LeadsAnnounced Message(KeyValuePair<string, Origin>[] leads) => new(
        [.. leads.Select(lead => lead.Key)],
        Source.Notification,
        leads.Min(lead => lead.Value.AnnouncedAt),
        Origins: new Dictionary<string, Origin>(leads));
}
