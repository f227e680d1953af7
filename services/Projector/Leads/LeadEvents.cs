using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Contracts;

namespace LeadSync.Projector.Leads;

/// <summary>An event of a lead: a <see cref="LeadSeen"/> or a <see cref="LeadGone"/>.</summary>
public abstract record LeadEvent
{
    private protected LeadEvent()
    {
    }

    /// <summary>What the event makes of a lead.</summary>
    public abstract Lead Apply(Lead lead);
}

/// <summary>
/// Zoho showed the lead with these fields. An event keeps the whole content rather than differences, so that events can be folded in any
/// order. The names of the events and of their members are stored: they must not change.
/// </summary>
/// <param name="ModifiedTime">Zoho's modified time.</param>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="Source">What caused the lead to be read.</param>
/// <param name="Fields">Values by Zoho's API name in the canonical form of <see cref="FieldValue"/>; fields without a value are left
/// out.</param>
/// <param name="Absence">A later proof of absence that was known before: the content is new, but the lead stays gone.</param>
/// <param name="Newer">A newer content that was known before: the event only brings the lead back. The view shows the newer
/// content.</param>
public sealed record LeadSeen(
    DateTimeOffset ModifiedTime,
    DateTimeOffset ObservedAt,
    [property: JsonConverter(typeof(SourceConverter))] Source Source,
    IReadOnlyDictionary<string, string?> Fields,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Absence? Absence = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NewerContent? Newer = null)
    : LeadEvent
{
    /// <inheritdoc/>
    public override Lead Apply(Lead lead)
    {
        var seen = lead.Observe(new Content(ModifiedTime, ObservedAt, ContentHash.Of(Fields), Fields));
        return Absence is null ? seen : seen.Observe(Absence);
    }
}

/// <summary>The content with which the view shows a lead that comes back with an older content. An earlier event holds the newer content
/// as well.</summary>
/// <param name="ModifiedTime">Zoho's modified time.</param>
/// <param name="Fields">As in <see cref="LeadSeen"/>.</param>
public sealed record NewerContent(DateTimeOffset ModifiedTime, IReadOnlyDictionary<string, string?> Fields);

/// <summary>Zoho no longer had the lead.</summary>
/// <param name="ObservedAt">The earliest moment, in Zoho's clock, that the answer can speak for.</param>
/// <param name="Source">What caused the lead to be read.</param>
/// <param name="DeletedAt">Zoho's clock: when Zoho says that the lead was deleted, else when the gateway found it gone.</param>
public sealed record LeadGone(
    DateTimeOffset ObservedAt, [property: JsonConverter(typeof(SourceConverter))] Source Source, DateTimeOffset DeletedAt)
    : LeadEvent
{
    /// <inheritdoc/>
    public override Lead Apply(Lead lead) => lead.Observe(new Absence(ObservedAt, DeletedAt));
}

/// <summary>Writes a source by its name. A name that only a newer version knows is read as <see cref="Source.Unknown"/>: the fold does not
/// depend on the source, and a rebuild counts the event as well.</summary>
internal sealed class SourceConverter : JsonConverter<Source>
{
    /// <inheritdoc/>
    public override Source Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Enum.TryParse<Source>(reader.GetString(), out var source) && Enum.IsDefined(source) ? source : Source.Unknown;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Source value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
