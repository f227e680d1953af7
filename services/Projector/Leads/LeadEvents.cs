using LeadSync.Contracts;

namespace LeadSync.Projector.Leads;

/// <summary>
/// Zoho showed the lead with these fields. Events keep whole contents rather than differences, so that a fold of them in any order
/// is a maximum, not a replay. Their names and members are a storage contract.
/// </summary>
/// <param name="Fields">Values by Zoho's API name in the canonical form of <see cref="FieldValue"/>; fields without a value are left out.</param>
/// <param name="GoneAt">A later proof of absence that was already known: the content is news, the lead is gone all the same.</param>
internal sealed record LeadSeen(
    DateTimeOffset ModifiedTime,
    DateTimeOffset ObservedAt,
    Source Source,
    IReadOnlyDictionary<string, string?> Fields,
    DateTimeOffset? GoneAt = null)
{
    public Lead Apply(Lead lead)
    {
        var seen = lead.Fold(new Observation(ObservedAt, new Content(ModifiedTime, ObservedAt, ContentHash.Of(Fields), Fields)));
        return GoneAt is { } gone ? seen.Fold(new Observation(gone, null)) : seen;
    }
}

/// <summary>Zoho no longer had the lead.</summary>
/// <param name="DeletedAt">When it was deleted, if Zoho said so.</param>
internal sealed record LeadGone(DateTimeOffset ObservedAt, Source Source, DateTimeOffset? DeletedAt)
{
    public Lead Apply(Lead lead) => lead.Fold(new Observation(ObservedAt, null, DeletedAt));
}

/// <summary>The name of a lead's stream.</summary>
internal static class LeadStream
{
    public const string Prefix = "lead-";

    public static string Of(string id) => Prefix + id;
}
