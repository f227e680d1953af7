using System.Text.Json;
using System.Text.RegularExpressions;

namespace LeadSync.Gateway.Zoho;

/// <summary>The kind of a refusal, which determines the remedy.</summary>
internal enum ZohoErrorKind
{
    /// <summary>The server, the network, or an answer that is not Zoho's: try again later.</summary>
    Unavailable,

    /// <summary>Too many calls: try again after a pause.</summary>
    Throttled,

    /// <summary>Zoho refuses the access token or the credentials.</summary>
    Auth,

    /// <summary>The scopes or the user's profile do not allow it.</summary>
    Permission,

    /// <summary>The gateway did not ask: the day's budget of API credits is used up.</summary>
    OverBudget,

    NotFound,

    /// <summary>The request is wrong, and repeating it does not help.</summary>
    Rejected,
}

/// <summary>Zoho did not do what it was asked. The message is a sentence for operators; it never holds a secret or lead data.</summary>
/// <param name="kind">The kind, which determines the remedy.</param>
/// <param name="code">Zoho's code, or LeadSync's own in capitals where Zoho gave none.</param>
/// <param name="status">The answer's HTTP status, if there was one.</param>
/// <param name="retryAfter">The pause that Zoho asks for, if it states one.</param>
internal sealed class ZohoException(ZohoErrorKind kind, string code, int? status = null, TimeSpan? retryAfter = null)
    : Exception($"{Sentence(kind)} ({Said(code, status)})")
{
    public ZohoErrorKind Kind { get; } = kind;

    /// <summary>The remedy, which is the same for every refusal of a kind.</summary>
    public string Advice => Sentence(Kind);

    /// <summary>Status and code, for instance <c>403 NO_PERMISSION</c>.</summary>
    public string Answer => Said(Code, Status);

    public string Code { get; } = code;

    public int? Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    private static string Said(string code, int? status) => status is null ? code : $"{status} {code}";

    private static string Sentence(ZohoErrorKind kind) => kind switch
    {
        ZohoErrorKind.Unavailable => "Zoho cannot be reached or is in trouble",
        ZohoErrorKind.Throttled => "Zoho asks to wait",
        ZohoErrorKind.Auth => 
            "Zoho refuses the credentials: check Zoho__ClientId, Zoho__ClientSecret and Zoho__RefreshToken, "
                + "and that the token's user is active",
        ZohoErrorKind.Permission => "Zoho does not permit it: check the refresh token's scopes and the user's profile",
        ZohoErrorKind.OverBudget => "The day's API credits are used up: see Zoho__DailyCredits",
        ZohoErrorKind.NotFound => "Zoho does not have it",
        _ => "Zoho rejects the request",
    };
}

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
        // Zoho: also with a status that names no error. An answer to a call holds a list.
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
