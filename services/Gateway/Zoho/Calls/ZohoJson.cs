using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadSync.Contracts;

namespace LeadSync.Gateway.Zoho.Calls;

/// <summary>Reads Zoho's JSON in all its forms: numbers as texts, texts as numbers, one object instead of a list, missing keys.</summary>
internal static class ZohoJson
{
    public static JsonElement? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return body.IsEmpty ? null : JsonSerializer.Deserialize<JsonElement>(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member's value; null when it is missing or null.</summary>
    public static JsonElement? Get(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement element, string name) => element.Get(name)?.AsText();

    /// <summary>A text, or a number as it is written: a double would change an id of 19 digits.</summary>
    public static string? AsText(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Unescaped(element),
        JsonValueKind.Number => element.GetRawText(),
        _ => null,
    };

    public static long? Whole(this JsonElement element, string name) =>
        long.TryParse(element.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static bool? Flag(this JsonElement element, string name) => element.Get(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } text => bool.TryParse(text.AsText(), out var flag) ? flag : null,
        null => null,
    };

    public static DateTimeOffset? Instant(this JsonElement element, string name) =>
        element.Text(name) is { } text && FieldValue.TryInstant(Encoding.UTF8.GetBytes(text), out var instant) ? instant : null;

    /// <summary>The elements of a list; a single object is a list of one.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) => element.Get(name) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray(),
        { ValueKind: JsonValueKind.Object } single => [single],
        _ => [],
    };

    /// <summary>An instant in the form that Zoho accepts: whole seconds and an offset.</summary>
    public static string Written(this DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string? Unescaped(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: JSON can write it, but no text can hold it.
            return null;
        }
    }
}
