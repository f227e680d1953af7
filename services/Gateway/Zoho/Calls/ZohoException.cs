namespace LeadSync.Gateway.Zoho.Calls;

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
