using JasperFx.Events;
using Marten;

namespace LeadSync.Projector.Leads;

/// <summary>Reads a lead's stream: the lead as it is or was at a moment, and its events.</summary>
internal sealed class LeadHistory(IDocumentStore store, Module module)
{
    /// <summary>The fold of a lead's stream; null for a lead that was never seen.</summary>
    /// <param name="recordedUntil">The database's clock: only events that were appended up to this moment count. Null for all
    /// events.</param>
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
