namespace LeadSync.Contracts;

/// <summary>The fields of a lead that are synced, as the gateway's <c>GET /fields</c> answers them.</summary>
/// <param name="FieldSet">A short hash of <paramref name="Fields"/>: whoever has seen it need not ask again.</param>
/// <param name="Fields">Every synced field but <c>id</c> and <c>Modified_Time</c>, which every lead has.</param>
public sealed record LeadFields(string FieldSet, IReadOnlyList<LeadField> Fields);

/// <summary>A field of a lead.</summary>
/// <param name="ApiName">Zoho's API name, for instance <c>Annual_Revenue</c>.</param>
/// <param name="Type">How its values are written; decides the type of its column.</param>
/// <param name="Choices">The values that a <see cref="FieldType.Set"/> may hold, where Zoho lists them: a value can contain the separator.</param>
public sealed record LeadField(string ApiName, FieldType Type, IReadOnlyList<string>? Choices = null);

/// <summary>The kinds of values that a lead's fields have, and the PostgreSQL type of their columns.</summary>
public enum FieldType
{
    /// <summary><c>text</c>: texts, picklists, auto-numbers, and whatever Zoho may invent.</summary>
    Text,

    /// <summary><c>text</c>: the id of another record or of a user.</summary>
    Reference,

    /// <summary><c>text</c>: multi-select picklists and tags, sorted (ordinal) and joined with <c>;</c>.</summary>
    Set,

    /// <summary><c>numeric</c>: currencies, doubles and percentages.</summary>
    Numeric,

    /// <summary><c>bigint</c>: whole numbers.</summary>
    Integer,

    /// <summary><c>boolean</c>.</summary>
    Boolean,

    /// <summary><c>timestamptz</c>.</summary>
    DateTime,

    /// <summary><c>date</c>.</summary>
    Date,
}
