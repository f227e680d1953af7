using LeadSync.Contracts;

namespace LeadSync.Projector.Leads;

/// <summary>
/// Zoho showed the lead with these fields. Events keep whole contents rather than differences, so that a fold of them in any order
/// is a maximum, not a replay. Their names and members are a storage contract.
/// </summary>
/// <param name="Fields">Values by Zoho's API name in the canonical form of <see cref="FieldValue"/>; fields without a value are left out.</param>
/// <param name="Absence">A later proof of absence that was already known: the content is news, the lead is gone all the same.</param>
internal sealed record LeadSeen(
    DateTimeOffset ModifiedTime,
    DateTimeOffset ObservedAt,
    Source Source,
    IReadOnlyDictionary<string, string?> Fields,
    Absence? Absence = null)
{
    public Lead Apply(Lead lead)
    {
        var seen = lead.See(new Content(ModifiedTime, ObservedAt, ContentHash.Of(Fields), Fields));
        return Absence is null ? seen : seen.Miss(Absence);
    }
}

/// <summary>Zoho no longer had the lead.</summary>
/// <param name="DeletedAt">When it was deleted: what Zoho says, else when it was found gone.</param>
internal sealed record LeadGone(DateTimeOffset ObservedAt, Source Source, DateTimeOffset DeletedAt)
{
    public Lead Apply(Lead lead) => lead.Miss(new Absence(ObservedAt, DeletedAt));
}

/// <summary>The name of a lead's stream.</summary>
internal static class LeadStream
{
    public const string Prefix = "lead-";

    public static string Of(string id) => Prefix + id;
}
