using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>A field of the Leads module.</summary>
/// <remarks>Values are plain objects: null, string, bool, long, decimal, DateOnly, DateTimeOffset, string[] (multi-select),
/// <see cref="Values.UserRef"/>, <see cref="Values.LookupRef"/>, <see cref="Values.Tag"/>[].</remarks>
internal sealed class Field(string apiName, string dataType, Func<Lead, ulong, object?> generate)
{
    private readonly ulong _salt = SaltOf(apiName);

    public string ApiName => apiName;

    public string DataType => dataType;

    public string? Label { get; init; }

    /// <summary>In characters; where it is not given, what Zoho states for the data type. 0 for those that have none.</summary>
    public int Length
    {
        get => field > 0 ? field : UsualLength;
        init;
    }

    /// <summary>What a picklist stores. What it shows instead is in <see cref="FieldCatalogue.Shown"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Of a text area: <c>small</c>, <c>large</c> or <c>rich_text</c>.</summary>
    public string? TextArea { get; init; }

    public bool IsRich => TextArea == "rich_text";

    /// <summary>Of a formula or a roll-up: its result's data type.</summary>
    public string? ReturnType { get; init; }

    public bool Mandatory { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>What a lead has that was made without this value.</summary>
    public object? Blank { get; init; } = dataType == "boolean" ? false : null;

    public bool Custom { get; init; }

    /// <summary>Not in the metadata and not in records; only in a bulk read that names no fields.</summary>
    public bool Hidden { get; init; }

    /// <summary>Only where a single record is read.</summary>
    public bool SingleOnly { get; init; }

    /// <summary>Zoho: file uploads, multi-select lookups and subforms are not exported.</summary>
    public bool Exported { get; init; } = true;

    public object? Of(Lead lead)
    {
        foreach (var edit in lead.Edits ?? [])
        {
            if (ReferenceEquals(edit.Field, this))
                return edit.Value;
        }

        return lead.IsBlank && !ReadOnly ? Blank : generate(lead, Hash.Of(lead.Root ^ _salt));
    }

    /// <summary>A value as the field could have.</summary>
    public object? Any(Lead lead, ulong hash) => generate(lead, hash);

    public override string ToString() => apiName;

    // As in a recorded answer of settings/fields.
    private int UsualLength => DataType switch
    {
        "boolean" => 5,
        "integer" => 9,
        "bigint" or "long" => 18,
        "date" => 20,
        "autonumber" or "email" => 100,
        "formula" or "rollup_summary" => 16,
        "textarea" => 2000,
        "multiselectpicklist" => 255,
        "subform" or "multiselectlookup" => 0,
        _ => 120,
    };

    private static ulong SaltOf(string name) => name.Aggregate(17ul, (salt, letter) => Hash.Of(salt ^ letter));
}
