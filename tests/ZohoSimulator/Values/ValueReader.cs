using System.Text.Json;
using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Values;

/// <summary>Reads given values of fields from JSON.</summary>
internal static class ValueReader
{
    /// <exception cref="ZohoError">INVALID_DATA, when the value does not fit the field.</exception>
    public static object? Read(Field field, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
            return null;

        return field.DataType switch
        {
            "boolean" =>
                value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Expected(field, "boolean"),
            "integer" or "bigint" or "long" =>
                IsNumber(value) && value.TryGetInt64(out var whole) ? whole : throw Expected(field, "integer"),
            "double" or "currency" or "percent" =>
                IsNumber(value) && value.TryGetDecimal(out var number) ? number : throw Expected(field, "double"),
            "date" => DateOnly.TryParseExact(Text(value), "yyyy-MM-dd", out var date) ? date : throw Expected(field, "date"),
            "datetime" => Instants.TryRead(Text(value), out var instant) ? instant : throw Expected(field, "datetime"),
            "multiselectpicklist" => ReadChoices(field, value),
            "ownerlookup" or "userlookup" =>
                Users.All.FirstOrDefault(user => user.Id == ReadId(value)) ?? throw Expected(field, field.DataType),
            "lookup" or "layout" =>
                ReadId(value) is { Length: > 0 } id ? new LookupRef(id, NameOf(value)) : throw Expected(field, "jsonobject"),
            _ when field.ApiName == "Tag" => ReadTags(field, value),
            _ => ReadText(field, value),
        };
    }

    private static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number;

    private static string? ReadText(Field field, JsonElement value)
    {
        var text = Text(value) ?? throw Expected(field, "string");
        if (field.Length > 0 && text.Length > field.Length)
            throw ZohoError.InvalidData(new { api_name = field.ApiName, maximum_length = field.Length });

        return text.Length > 0 ? text : null;
    }

    private static string[]? ReadChoices(Field field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw Expected(field, "jsonarray");

        return value.GetArrayLength() > 0 ? [.. value.EnumerateArray().Select(choice => $"{choice}")] : null;
    }

    private static Tag[] ReadTags(Field field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw Expected(field, "jsonarray");

        var names = value.EnumerateArray().Select(tag => tag.ValueKind == JsonValueKind.Object ? NameOf(tag) : $"{tag}");
        return [.. names.Select(StatusFields.TagOf)];
    }

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? ReadId(JsonElement value) => value.Member("id") is { } id ? $"{id}" : Text(value);

    private static string NameOf(JsonElement value) => value.Member("name") is { } name ? $"{name}" : "Some record";

    private static ZohoError Expected(Field field, string type) =>
        ZohoError.InvalidData(new { api_name = field.ApiName, expected_data_type = type });
}
