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

    /// <summary>In characters; 0 where Zoho states none.</summary>
    public int Length { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

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

    private static ulong SaltOf(string name) => name.Aggregate(17ul, (salt, letter) => Hash.Of(salt ^ letter));
}
