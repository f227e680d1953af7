using System.Text.Json;

namespace LeadSync.ZohoSimulator.Gate;

/// <summary>An answer in Zoho's error envelope. Thrown, it becomes the answer.</summary>
internal sealed class ZohoError(int status, string code, string message, object? details = null) : Exception(message)
{
    public int Status => status;

    public object Body => new { code, details = details ?? new { }, message = Message, status = "error" };

    /// <summary>For pages that put the error into the array that a success would be in.</summary>
    public string? Wrapper { get; init; }

    public static ZohoError InvalidData(object? details) => new(400, "INVALID_DATA", "invalid data", details);

    public static ZohoError Mandatory(object details) => new(400, "MANDATORY_NOT_FOUND", "required field not found", details);

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = status;
        await response.WriteAsJsonAsync(Wrapper is null ? Body : new Dictionary<string, object> { [Wrapper] = new[] { Body } }, ZohoJson.Options);
    }
}

internal static class ZohoJson
{
    /// <summary>Names as they are written, and letters of all scripts as they are.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static readonly JsonWriterOptions Writing = new() { Encoder = Options.Encoder };

    public static IResult Answer(object body, int status = 200) => Results.Json(body, Options, statusCode: status);

    /// <summary>Reads the body of a request. Zoho: a body that is no JSON is INVALID_DATA.</summary>
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
