using System.Text.Json.Serialization;
using LeadSync.Contracts;

namespace LeadSync.Projector.Leads;

/// <summary>
/// Zoho showed the lead with these fields. Events keep whole contents rather than differences, so that a fold of them in any order
/// is a maximum, not a replay. Their names and members are a storage contract.
/// </summary>
/// <param name="ModifiedTime">Zoho's.</param>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="Source">What caused the lead to be read.</param>
/// <param name="Fields">Values by Zoho's API name in the canonical form of <see cref="FieldValue"/>; fields without a value are left
/// out.</param>
/// <param name="Absence">A later proof of absence that was already known: the content is news, but the lead stays gone.</param>
/// <param name="Newer">A newer content that was already known: that the lead lives is news, the content is not. The
/// view shows the newer one.</param>
public sealed record LeadSeen(
    DateTimeOffset ModifiedTime,
    DateTimeOffset ObservedAt,
    Source Source,
    IReadOnlyDictionary<string, string?> Fields,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Absence? Absence = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NewerContent? Newer = null)
{
    /// <summary>What the event makes of a lead.</summary>
    public Lead Apply(Lead lead)
    {
        var seen = lead.See(new Content(ModifiedTime, ObservedAt, ContentHash.Of(Fields), Fields));
        return Absence is null ? seen : seen.Miss(Absence);
    }
}

/// <summary>The content that a lead is shown with when it comes back with an older one; it stands in an earlier event too.</summary>
/// <param name="ModifiedTime">Zoho's.</param>
/// <param name="Fields">As in <see cref="LeadSeen"/>.</param>
public sealed record NewerContent(DateTimeOffset ModifiedTime, IReadOnlyDictionary<string, string?> Fields);

/// <summary>Zoho no longer had the lead.</summary>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="Source">What caused the lead to be read.</param>
/// <param name="DeletedAt">When it was deleted: what Zoho says, else when it was found gone.</param>
public sealed record LeadGone(DateTimeOffset ObservedAt, Source Source, DateTimeOffset DeletedAt)
{
    /// <summary>What the event makes of a lead.</summary>
    public Lead Apply(Lead lead) => lead.Miss(new Absence(ObservedAt, DeletedAt));
}
