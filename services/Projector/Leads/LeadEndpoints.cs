using LeadSync.Projector.EventTables;
using LeadSync.ServiceDefaults.Health;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSync.Projector.Leads;

/// <summary>Serves a lead as it is or was at a moment, and all its events.</summary>
internal static class LeadEndpoints
{
    public static void MapLeads(this IEndpointRouteBuilder app)
    {
        var leads = app.MapGroup("/leads/{id}");
        leads.MapGet("/", ReadLead).WithReadTimeout();
        leads.MapGet("/history", ReadHistory).WithReadTimeout();
    }

    /// <param name="asOf">The database's clock: the moment whose state of the lead is wanted. Null for the present state.</param>
    private static async Task<Results<Ok<LeadAnswer>, NotFound>> ReadLead(
        string id, DateTimeOffset? asOf, LeadHistory history, CancellationToken ct) =>
        await history.Lead(id, asOf?.ToUniversalTime(), ct) is { } lead
            ? TypedResults.Ok(LeadAnswer.Of(id, lead))
            : TypedResults.NotFound();

    private static async Task<Results<Ok<IEnumerable<EventAnswer>>, NotFound>> ReadHistory(
        string id, LeadHistory history, CancellationToken ct)
    {
        var events = await history.Events(id, ct);
        return events.Count == 0 ? TypedResults.NotFound() : TypedResults.Ok(events.Select(EventAnswer.Of));
    }
}

/// <summary>A lead as <c>GET /leads/{id}</c> answers it. All times are UTC.</summary>
/// <param name="Fields">Every field that has a value, by Zoho's API name, in canonical form.</param>
internal sealed record LeadAnswer(
    string Id,
    bool Alive,
    DateTimeOffset? ModifiedTime,
    DateTimeOffset? ObservedAt,
    DateTimeOffset? DeletedAt,
    IReadOnlyDictionary<string, string?>? Fields)
{
    public static LeadAnswer Of(string id, Lead lead) => new(
        id, lead.IsAlive, lead.Content?.ModifiedTime, lead.Content?.ObservedAt,
        lead.IsAlive ? null : lead.Absence?.DeletedAt, lead.Content?.Fields);
}

/// <summary>One event of <c>GET /leads/{id}/history</c>.</summary>
/// <param name="Event"><c>lead_seen</c> or <c>lead_gone</c>.</param>
/// <param name="RecordedAt">The database's clock: when the event was appended.</param>
/// <param name="TraceParent">The W3C trace context of the change, from its notification to the view.</param>
internal sealed record EventAnswer(
    long Version,
    string Event,
    Contracts.Source Source,
    DateTimeOffset? ModifiedTime,
    DateTimeOffset ObservedAt,
    DateTimeOffset? DeletedAt,
    DateTimeOffset RecordedAt,
    string? TraceId,
    string? TraceParent,
    IReadOnlyDictionary<string, string?>? Fields)
{
    public static EventAnswer Of(StreamEvent recorded)
    {
        var seen = recorded.Data as LeadSeen;
        var gone = recorded.Data as LeadGone;
        return new(
            recorded.Version, recorded.Type, seen?.Source ?? gone!.Source, seen?.ModifiedTime,
            seen?.ObservedAt ?? gone!.ObservedAt,
            gone?.DeletedAt, recorded.Timestamp, recorded.CorrelationId, recorded.CausationId, seen?.Fields);
    }
}
