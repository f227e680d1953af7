using System.Text.Json;
using LeadSync.Contracts;

namespace LeadSync.Gateway.Zoho;

/// <summary>Reads one record of the Records API.</summary>
internal static class LeadJson
{
    /// <returns>Null when the record has no id.</returns>
    public static LeadPart? Read(JsonElement record, IReadOnlyCollection<LeadField> fields)
    {
        if (record.Text("id") is not { Length: > 0 } id)
            return null;

        var values = new Dictionary<string, string?>(fields.Count);
        string? odd = null;
        foreach (var field in fields)
        {
            if (!record.TryGetProperty(field.ApiName, out var value))
                continue;
            if (TryCanonical(field.Type, value, out var canonical))
                values[field.ApiName] = canonical;
            else
                odd ??= field.ApiName;
        }

        return new LeadPart(id, record.Instant("Modified_Time"), values, odd);
    }

    /// <returns>False when the value is not one of its type.</returns>
    public static bool TryCanonical(FieldType type, JsonElement value, out string? canonical)
    {
        canonical = null;
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return true;

        return Written(type, value) is { } written && FieldValue.TryCanonical(type, written, out canonical);
    }

    private static string? Written(FieldType type, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when type == FieldType.Set => FieldValue.Join(value.AsText()?.Split(';') ?? []) ?? "",
        JsonValueKind.String => value.AsText(),
        JsonValueKind.Object => value.Text("id") ?? value.Text("name") ?? value.GetRawText(),
        JsonValueKind.Array => FieldValue.Join(value.EnumerateArray().Select(Member)) ?? "",
        // Numbers as they are written: a double would lose digits.
        _ => value.GetRawText(),
    };

    // Zoho: a tag is an object with a name; a member of a multi-select picklist is a text.
    private static string Member(JsonElement member) =>
        (member.ValueKind == JsonValueKind.Object ? member.Text("name") ?? member.Text("id") : member.AsText()) ?? "";
}
