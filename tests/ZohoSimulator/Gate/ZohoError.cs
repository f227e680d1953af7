namespace LeadSync.ZohoSimulator.Gate;

/// <summary>An answer in Zoho's error envelope. Thrown, it becomes the answer.</summary>
internal sealed class ZohoError(int status, string code, string message, object? details = null) : Exception(message)
{
    public int Status => status;

    public string Code => code;

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
