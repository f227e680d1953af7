using System.Text.Json;
using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Zoho.Fields;

/// <summary>Reads one record of the Records API.</summary>
internal static class LeadJson
{
    /// <param name="asked">The id that was asked for, if the call was about one lead: the answer need not repeat it.</param>
    /// <returns>Null when the record has no id.</returns>
    public static LeadPart? Read(JsonElement record, IReadOnlyCollection<LeadField> fields, string? asked = null)
    {
        if ((record.Text("id") ?? asked) is not { Length: > 0 } id)
            return null;

        var values = new Dictionary<string, string?>(fields.Count);
        string? invalidField = null;
        foreach (var field in fields)
        {
            if (!record.TryGetProperty(field.ApiName, out var value))
                continue;
            if (TryCanonical(field, value, out var canonical))
                values[field.ApiName] = canonical;
            else
                invalidField ??= field.ApiName;
        }

        return new LeadPart(id, record.Instant("Modified_Time"), values, invalidField);
    }

    /// <returns>False when the value is not of the field's type.</returns>
    public static bool TryCanonical(LeadField field, JsonElement value, out string? canonical)
    {
        canonical = null;
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return true;
        if (Written(field, value) is not { } written || !FieldValue.TryCanonical(field.Type, written, out canonical))
            return false;
        if (field.Detail is FieldDetail.Picklist)
            canonical = FieldValue.Shown(field, canonical);
        return true;
    }

    private static string? Written(LeadField field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when field.Type == FieldType.Set => SetOf(field, value.AsText()),
        JsonValueKind.String => value.AsText(),
        JsonValueKind.Object when field.Type == FieldType.Set => SetValue.Of(field, [Member(field, value)]) ?? "",
        JsonValueKind.Object => value.Text("id") ?? Name(value) ?? value.GetRawText(),
        JsonValueKind.Array => SetValue.Of(field, value.EnumerateArray().Select(member => Member(field, member))) ?? "",
        // Numbers stay as they are written: a double would lose digits.
        _ => value.GetRawText(),
    };

    // A whole list in one text. When its parts are not clear, every separator splits it.
    private static string? SetOf(LeadField field, string? list) =>
        list is null ? null : SetValue.TryCell(field, list, out var set) ? set ?? "" : SetValue.Of(field, list.Split(';', ',')) ?? "";

    // Zoho: a tag is an object with a name; a member of a multi-select picklist is a text; a territory has a Name.
    private static string Member(LeadField field, JsonElement member) => member.ValueKind switch
    {
        JsonValueKind.Object when field.Detail is FieldDetail.Ids => member.Text("id") ?? Name(member) ?? "",
        JsonValueKind.Object => Name(member) ?? member.Text("id") ?? "",
        _ => member.AsText() ?? "",
    };

    private static string? Name(JsonElement value) => value.Text("name") ?? value.Text("Name");
}
