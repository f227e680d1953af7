using JasperFx.Events;
using Marten;

namespace LeadSync.Projector.Leads;

/// <summary>Answers from a lead's stream: what it is, what it was, and how it came to be.</summary>
internal sealed class LeadHistory(IDocumentStore store)
{
    /// <summary>Every event of a lead, oldest first; empty for a lead that was never seen.</summary>
    /// <param name="recordedUntil">Only what was recorded up to then.</param>
    public async Task<IReadOnlyList<IEvent>> Events(string id, DateTimeOffset? recordedUntil, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Events.FetchStreamAsync(LeadStream.Of(id), timestamp: recordedUntil, token: ct);
    }

    public async Task<Lead?> Now(string id, CancellationToken ct) => Fold(await Events(id, null, ct));

    public static Lead? Fold(IReadOnlyList<IEvent> events) => events.Count == 0
        ? null
        : events.Aggregate(Lead.Unknown, (lead, recorded) => recorded.Data switch
        {
            LeadSeen seen => seen.Apply(lead),
            LeadGone gone => gone.Apply(lead),
            var other => throw new InvalidOperationException($"the stream {recorded.StreamKey} holds a {other.GetType().Name}, which is no event of a lead"),
        });
}
