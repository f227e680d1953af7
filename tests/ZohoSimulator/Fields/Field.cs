using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>A field of the Leads module.</summary>
/// <remarks>Values are plain objects: null, string, bool, long, decimal, DateOnly, DateTimeOffset, string[] (multi-select),
/// <see cref="Values.UserRef"/>, <see cref="Values.LookupRef"/>, <see cref="Values.Tag"/>[].</remarks>
internal sealed class Field(string apiName, string dataType, Func<Lead, ulong, object?> generate)
{
    private readonly ulong salt = SaltOf(apiName);

    public string ApiName => apiName;

    public string DataType => dataType;

    public string? Label { get; init; }

    /// <summary>The length in characters; the default is Zoho's for the data type, and 0 for types without a length.</summary>
    public int Length
    {
        get => field > 0 ? field : UsualLength;
        init;
    }

    /// <summary>The stored names of a picklist's choices. <see cref="FieldCatalogue.Shown"/> has the displayed ones.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The kind of a text area: <c>small</c>, <c>large</c> or <c>rich_text</c>.</summary>
    public string? TextArea { get; init; }

    public bool IsRich => TextArea == "rich_text";

    /// <summary>The data type of a formula's or a roll-up's result.</summary>
    public string? ReturnType { get; init; }

    public bool Mandatory { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>The value of a lead that was created without one.</summary>
    public object? Blank { get; init; } = dataType == "boolean" ? false : null;

    public bool Custom { get; init; }

    /// <summary>Whether the field is only in a bulk read that names no fields, and neither in the metadata nor in records.</summary>
    public bool Hidden { get; init; }

    /// <summary>Whether only a single read shows the field.</summary>
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

        return lead.IsBlank && !ReadOnly ? Blank : generate(lead, Hash.Of(lead.Root ^ salt));
    }

    /// <summary>A typical value of the field.</summary>
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
