using System.Text.Json;

namespace LeadSync.ZohoSimulator.Gate;

internal static class ZohoJson
{
    /// <summary>Keeps the names of members, and does not escape letters.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly JsonWriterOptions Writing = new() { Encoder = Options.Encoder };

    /// <summary>A member that exists and is not null.</summary>
    public static JsonElement? Member(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    /// <summary>A member that is an array.</summary>
    public static IReadOnlyList<JsonElement>? Items(this JsonElement json, string name) =>
        json.Member(name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : null;

    public static IResult Answer(object body, int status = 200) => Results.Json(body, Options, statusCode: status);

    /// <summary>Reads the body of a request. Zoho: a body that is not JSON is INVALID_DATA.</summary>
    public static async Task<JsonElement> BodyAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw ZohoError.InvalidData(new { expected_data_type = "jsonobject" });
        }
    }
}
