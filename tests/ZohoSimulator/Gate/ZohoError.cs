namespace LeadSync.ZohoSimulator.Gate;

/// <summary>An error in Zoho's envelope. When an endpoint throws it, it becomes the answer.</summary>
internal sealed class ZohoError(int status, string code, string message, object? details = null) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    public object Body => new { code, details = details ?? new { }, message = Message, status = "error" };

    /// <summary>The error inside the array in which a success would be.</summary>
    public string? Wrapper { get; init; }

    public static ZohoError InvalidData(object? details) => new(400, "INVALID_DATA", "invalid data", details);

    public static ZohoError Mandatory(object details) => new(400, "MANDATORY_NOT_FOUND", "required field not found", details);

    public static ZohoError MissingParameter(string name) =>
        new(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", new { param_name = name });

    public static ZohoError LimitExceeded(object details) => new(400, "LIMIT_EXCEEDED", "You have exceeded the maximum limit", details);

    public static ZohoError UnknownId(object details, int status = 400) =>
        new(status, "INVALID_DATA", "the id given seems to be invalid", details);

    public static ZohoError ExpiredPageToken() =>
        new(400, "EXPIRED_VALUE", "the given page token has expired", new { api_name = "page_token", json_path = "$.query.page_token" });

    public static ZohoError Ambiguous(params IEnumerable<string> parameters) => new(400, "AMBIGUITY_DURING_PROCESSING",
        "Ambiguity while processing the request", new { ambiguity_due_to = parameters.Select(name => new { param_name = name }) });

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = status;
        object body = Wrapper is null ? Body : new Dictionary<string, object> { [Wrapper] = new[] { Body } };
        await response.WriteAsJsonAsync(body, ZohoJson.Options);
    }
}
