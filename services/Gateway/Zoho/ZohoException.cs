namespace LeadSync.Gateway.Zoho;

/// <summary>What kind of no it was, and so what can be done about it.</summary>
internal enum ZohoErrorKind
{
    /// <summary>Server, network or an answer that is none: try again later.</summary>
    Unavailable,

    /// <summary>Too many calls: try again after a pause.</summary>
    Throttled,

    /// <summary>The access token or the credentials are refused.</summary>
    Auth,

    /// <summary>Scopes or the user's profile do not allow it.</summary>
    Permission,

    /// <summary>Not asked at all: the day's budget of API credits is used up.</summary>
    OverBudget,

    NotFound,

    /// <summary>The request is wrong, and will be wrong again.</summary>
    Rejected,
}

/// <summary>Zoho did not do what it was asked. The message is a sentence for operators; it never holds a secret or a lead's data.</summary>
/// <param name="kind">What can be done about it.</param>
/// <param name="code">Zoho's code, or ours in capitals where Zoho gave none.</param>
/// <param name="status">The answer's HTTP status, if there was one.</param>
/// <param name="retryAfter">How long Zoho asks to wait, if it says so.</param>
internal sealed class ZohoException(ZohoErrorKind kind, string code, int? status = null, TimeSpan? retryAfter = null)
    : Exception($"{Sentence(kind)} ({Said(code, status)})")
{
    public ZohoErrorKind Kind { get; } = kind;

    /// <summary>What can be done about it, the same for all of a kind.</summary>
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
            "Zoho refuses the credentials: check Zoho__ClientId, Zoho__ClientSecret and Zoho__RefreshToken, and that the token's user is active",
        ZohoErrorKind.Permission => "Zoho does not permit it: check the refresh token's scopes and the user's profile",
        ZohoErrorKind.OverBudget => "The day's API credits are used up: see Zoho__DailyCredits",
        ZohoErrorKind.NotFound => "Zoho does not have it",
        _ => "Zoho rejects the request",
    };
}
