namespace LeadSync.ZohoSimulator;

internal sealed partial class Dials
{
    // Limits and faults of all API calls.

    /// <summary>API credits a day; 0 for those of the edition and its users.</summary>
    public int CreditsPerDay { get; set; }

    /// <summary>Calls beyond <see cref="CreditsPerDay"/> get 429.</summary>
    public bool CreditsEnforced { get; set; }

    /// <summary>The number of calls at once; 0 for the edition's number, negative for no limit.</summary>
    public int Concurrency { get; set; }

    /// <summary>Zoho: by edition.</summary>
    public int ConcurrencyInForce => Concurrency != 0 ? Concurrency : Edition switch
    {
        "free" => 5,
        "standard" => 10,
        "professional" => 15,
        "ultimate" => 25,
        _ => 20,
    };

    /// <summary>Zoho: a base, so much per user, and a cap.</summary>
    public int CreditsInForce => CreditsPerDay > 0 ? CreditsPerDay : Edition switch
    {
        "free" => 5_000,
        "standard" => Math.Min(50_000 + (250 * EditionUsers), 100_000),
        "professional" => Math.Min(50_000 + (500 * EditionUsers), 3_000_000),
        "ultimate" => 50_000 + (2_000 * EditionUsers),
        _ => Math.Min(50_000 + (1_000 * EditionUsers), 5_000_000),
    };

    /// <summary>COQL queries, sorted lists, conversions and large writes at once. Zoho: 10.</summary>
    public int SubConcurrency { get; set; } = 10;

    /// <summary>The status of throttling. Some clients have met 200 or 400.</summary>
    public int ThrottleStatus { get; set; } = 429;

    /// <summary>TOO_MANY_REQUESTS or RATE_LIMIT_EXCEEDED.</summary>
    public string ThrottleCode { get; set; } = "TOO_MANY_REQUESTS";

    /// <summary>The <c>Retry-After</c> of 429 answers; 0 for none. Zoho documents none.</summary>
    public TimeSpan RetryAfter { get; set; }

    public TimeSpan Latency { get; set; }

    /// <summary>Added to the latency, exponentially distributed around this mean.</summary>
    public TimeSpan LatencyJitter { get; set; }

    public double ThrottleRate { get; set; }

    /// <summary>The share of calls that get 500, 502 or 503.</summary>
    public double ServerErrorRate { get; set; }

    /// <summary>Such an answer is a page of HTML, like that of a proxy before Zoho.</summary>
    public bool ServerErrorsAreHtml { get; set; }

    /// <summary>The share of calls that get 200 with an HTML page.</summary>
    public double HtmlRate { get; set; }

    /// <summary>The share of calls whose connection is cut.</summary>
    public double AbortRate { get; set; }

    /// <summary>Comma-separated kinds of calls (see <c>/control/statistics</c>) that latency and faults strike; empty for all.</summary>
    public string FaultKinds { get; set; } = "";
}
