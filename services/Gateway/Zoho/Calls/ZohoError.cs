using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadSync.Gateway.Zoho.Calls;

/// <summary>
/// Finds the error in an answer. Zoho writes the same error bare or wrapped in a list, with an error's status or with 200. Sometimes a
/// server in front of Zoho answers with a page of HTML.
/// </summary>
internal static partial class ZohoError
{
    private static readonly string[] Wrappers = ["data", "watch", "recycle_bin"];

    /// <summary>The code of an answer that is no JSON.</summary>
    public const string NotJsonCode = "NOT_JSON";

    /// <summary>The error of an answer whose body is no JSON. Whatever its status, it says nothing about a lead: a server in front of Zoho
    /// wrote it.</summary>
    /// <param name="retryAfter">The <c>Retry-After</c> header's value.</param>
    public static ZohoException NotJson(int status, TimeSpan? retryAfter) => new(
        status == 429 ? ZohoErrorKind.Throttled : ZohoErrorKind.Unavailable, NotJsonCode, status, retryAfter);

    /// <param name="status">The HTTP status.</param>
    /// <param name="body">The body, or null when there is none.</param>
    /// <param name="retryAfter">The <c>Retry-After</c> header's value.</param>
    /// <returns>Null when the answer is not an error. <see cref="OfElement"/> reads lists whose elements fail one by one.</returns>
    public static ZohoException? Find(int status, JsonElement? body, TimeSpan? retryAfter = null)
    {
        if (status is 204 or 304)
            return null;

        var success = status is >= 200 and < 300;
        if (success && body is null)
            return NotJson(status, retryAfter);

        var code = body is { } json ? Code(json, success) : null;
        return success && code is null ? null : new ZohoException(Kind(status, code), code ?? "NO_CODE", status, retryAfter);
    }

    /// <summary>The error of one element of a list; null when it succeeded. Everything but success is a failure, also under 200 and
    /// 207.</summary>
    public static ZohoException? OfElement(JsonElement element)
    {
        if ("success".Equals(element.Text("status"), StringComparison.OrdinalIgnoreCase))
            return null;

        var code = Clean(element.Text("code"));
        return code is "SUCCESS" ? null : new ZohoException(Kind(400, code), code ?? "NO_CODE");
    }

    private static string? Code(JsonElement body, bool success)
    {
        if (CodeOf(body, success) is { } bare)
            return bare;
        // Zoho also writes errors whose status is not "error". Every other answer holds a list, so a code without a list is an error.
        if (success && !HoldsList(body) && Clean(body.Text("code")) is { } code and not "SUCCESS")
            return code;

        return Wrappers
            .Select(wrapper => body.Items(wrapper).FirstOrDefault())
            .Select(first => CodeOf(first, success))
            .FirstOrDefault(code => code is not null);
    }

    private static bool HoldsList(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.EnumerateObject().Any(part => part.Value.ValueKind == JsonValueKind.Array);

    // Under a success's status, only an element that calls itself an error is one: a lead may have fields with these names.
    private static string? CodeOf(JsonElement element, bool success) =>
        success && !"error".Equals(element.Text("status"), StringComparison.OrdinalIgnoreCase) ? null : Clean(element.Text("code"));

    /// <summary>The elements of the list that an answer is about; none when Zoho answers with nothing.</summary>
    /// <exception cref="ZohoException">The answer has no such list, and does not say that the list is empty. It proves nothing.</exception>
    public static IEnumerable<JsonElement> List(JsonElement? body, string name) => body switch
    {
        null => [],
        { } answer when answer.Get(name) is { ValueKind: JsonValueKind.Array or JsonValueKind.Object }
            || answer.Get("info") is { ValueKind: JsonValueKind.Object } => answer.Items(name),
        _ => throw new ZohoException(ZohoErrorKind.Unavailable, "ODD_ANSWER"),
    };

    // Codes reach logs; no other part of an answer may.
    private static string? Clean(string? code) => code is null ? null : CodePattern().IsMatch(code) ? code : "ODD_CODE";

    private static ZohoErrorKind Kind(int status, string? code) => code switch
    {
        "TOO_MANY_REQUESTS" or "RATE_LIMIT_EXCEEDED" => ZohoErrorKind.Throttled,
        "INVALID_TOKEN" or "AUTHENTICATION_FAILURE" => ZohoErrorKind.Auth,
        "OAUTH_SCOPE_MISMATCH" or "NO_PERMISSION" or "AUTHORIZATION_FAILED" => ZohoErrorKind.Permission,
        "INTERNAL_ERROR" or "INTERNAL_SERVER_ERROR" => ZohoErrorKind.Unavailable,
        "RESOURCE_NOT_FOUND" or "INVALID_URL_PATTERN" => ZohoErrorKind.NotFound,
        // Zoho itself wrote an error under a success's status.
        not null when status < 300 => ZohoErrorKind.Rejected,
        _ => KindOf(status),
    };

    private static ZohoErrorKind KindOf(int status) => status switch
    {
        429 => ZohoErrorKind.Throttled,
        401 => ZohoErrorKind.Auth,
        403 => ZohoErrorKind.Permission,
        404 or 410 => ZohoErrorKind.NotFound,
        408 or >= 500 or < 400 => ZohoErrorKind.Unavailable,
        _ => ZohoErrorKind.Rejected,
    };

    [GeneratedRegex("^[A-Za-z_]{1,60}$")]
    private static partial Regex CodePattern();
}
