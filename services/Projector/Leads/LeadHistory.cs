using JasperFx.Events;
using Marten;

namespace LeadSync.Projector.Leads;

/// <summary>Answers from a lead's stream: what it is, what it was, and how it came to be.</summary>
internal sealed class LeadHistory(IDocumentStore store, Module module)
{
    /// <summary>A lead as its stream says; null for one that was never seen.</summary>
    /// <param name="recordedUntil">Only what was recorded up to then.</param>
    public async Task<Lead?> Lead(string id, DateTimeOffset? recordedUntil, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Events.AggregateStreamAsync<Lead>(module.Stream(id), timestamp: recordedUntil, token: ct);
    }

    /// <summary>Every event of a lead, oldest first; empty for a lead that was never seen.</summary>
    public async Task<IReadOnlyList<IEvent>> Events(string id, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Events.FetchStreamAsync(module.Stream(id), token: ct);
    }
}
