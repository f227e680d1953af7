using LeadSync.Contracts;

namespace LeadSync.Gateway.Notifications;

/// <summary>Announces notified leads: in one message all that came in while the broker confirmed the message before.</summary>
/// <param name="publish">Completes when the broker has confirmed.</param>
internal sealed class Announcements(Func<LeadsAnnounced, CancellationToken, Task> publish, TimeProvider time) : IDisposable
{
    private const int LeadsPerMessage = 50;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim publishing = new(1);
    private readonly Dictionary<string, Origin> waiting = [];
    private Task next = Task.CompletedTask;

    /// <returns>Completes when the broker has confirmed all of them; fails when it has not within <see cref="NotificationEndpoint.Patience"/>.</returns>
    public Task Announce(IEnumerable<string> ids, Origin origin)
    {
        lock (gate)
        {
            if (waiting.Count == 0)
                next = AnnounceWaiting();
            foreach (var id in ids)
                waiting[id] = origin;
            return next;
        }
    }

    public void Dispose() => publishing.Dispose();

    private async Task AnnounceWaiting()
    {
        // Nothing waits yet; it begins when the lock is free.
        await Task.Yield();
        await publishing.WaitAsync();
        try
        {
            using var patience = new CancellationTokenSource(NotificationEndpoint.Patience, time);
            await Task.WhenAll(TakeWaiting().Chunk(LeadsPerMessage).Select(leads => publish(Message(leads), patience.Token)));
        }
        finally
        {
            publishing.Release();
        }
    }

    private KeyValuePair<string, Origin>[] TakeWaiting()
    {
        lock (gate)
        {
            KeyValuePair<string, Origin>[] leads = [.. waiting];
            waiting.Clear();
            return leads;
        }
    }

    private static LeadsAnnounced Message(KeyValuePair<string, Origin>[] leads) => new(
        [.. leads.Select(lead => lead.Key)],
        Source.Notification,
        leads.Min(lead => lead.Value.AnnouncedAt),
        Origins: new Dictionary<string, Origin>(leads));
}
