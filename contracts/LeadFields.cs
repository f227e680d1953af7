namespace LeadSync.Contracts;

/// <summary>The fields of a lead that are synced, as the gateway's <c>GET /fields</c> answers them.</summary>
/// <param name="FieldSet">A short hash of <paramref name="Fields"/>: a caller that knows the hash need not ask again.</param>
/// <param name="Fields">Every synced field but <c>id</c> and <c>Modified_Time</c>, which every lead has.</param>
public sealed record LeadFields(string FieldSet, IReadOnlyList<LeadField> Fields);

/// <summary>A field of a lead.</summary>
/// <param name="ApiName">Zoho's API name, for instance <c>Annual_Revenue</c>.</param>
/// <param name="Type">How its values are written; decides the type of its column.</param>
/// <param name="Choices">Every spelling of every choice of a <see cref="FieldType.Set"/>, where Zoho lists them: a choice can contain the
/// separator.</param>
/// <param name="Spellings">The displayed name of each stored name, for a picklist where they differ. Null for a name that stands for two
/// choices.</param>
/// <param name="Detail">How the field's values are written, where the type does not say it.</param>
public sealed record LeadField(
    string ApiName,
    FieldType Type,
    IReadOnlyList<string>? Choices = null,
    IReadOnlyDictionary<string, string?>? Spellings = null,
    FieldDetail Detail = FieldDetail.None)
{
    internal bool IsPicklist => Detail is FieldDetail.Picklist || Spellings is not null;

    /// <summary>Whether a spelling stands for two choices: the displayed name of one, and the stored name of another.</summary>
    internal bool IsAmbiguous(string choice) => Spellings is not null && Spellings.TryGetValue(choice, out var shown) && shown is null;
}

/// <summary>How a field's values are written, where its type does not say it.</summary>
public enum FieldDetail
{
    None,

    /// <summary>A <see cref="FieldType.Text"/> with markup, up to 50,000 characters. Zoho cuts it to 500 in every answer but one.</summary>
    RichText,

    /// <summary>A <see cref="FieldType.Text"/> from a list of choices.</summary>
    Picklist,

    /// <summary>A <see cref="FieldType.Set"/> of other records' ids.</summary>
    Ids,
}

/// <summary>The kinds of values that a lead's fields have, and the PostgreSQL type of their columns.</summary>
public enum FieldType
{
    /// <summary><c>text</c>: texts, picklists, auto-numbers, and every type that Zoho may add.</summary>
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

/// <summary>The types of the view's columns.</summary>
public static class ColumnTypes
{
    /// <summary>The type of a name in the tables that the projector publishes. A name that only a later version knows is text.</summary>
    public static FieldType Named(string name) => Enum.TryParse<FieldType>(name, out var type) ? type : FieldType.Text;

    /// <summary>PostgreSQL's name of the type of a field's column.</summary>
    public static string SqlType(this FieldType type) => type switch
    {
        FieldType.Numeric => "numeric",
        FieldType.Integer => "bigint",
        FieldType.Boolean => "boolean",
        FieldType.DateTime => "timestamptz",
        FieldType.Date => "date",
        _ => "text",
    };
}
