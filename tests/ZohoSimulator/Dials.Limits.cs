namespace LeadSync.ZohoSimulator;

internal sealed partial class Dials
{
    // Limits and faults of all API calls.

    /// <summary>0 for what the edition and its users give.</summary>
    public int CreditsPerDay { get; set; }

    /// <summary>Calls beyond <see cref="CreditsPerDay"/> are answered 429.</summary>
    public bool CreditsEnforced { get; set; }

    /// <summary>How many calls at once; 0 for what the edition gives, negative for no limit.</summary>
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

    /// <summary>Zoho: 10 at once of COQL, sorted lists, conversions and large writes.</summary>
    public int SubConcurrency { get; set; } = 10;

    /// <summary>Some clients met throttling with 200 or 400.</summary>
    public int ThrottleStatus { get; set; } = 429;

    /// <summary>TOO_MANY_REQUESTS or RATE_LIMIT_EXCEEDED.</summary>
    public string ThrottleCode { get; set; } = "TOO_MANY_REQUESTS";

    /// <summary>429 answers carry it when it is more than 0; Zoho documents none.</summary>
    public TimeSpan RetryAfter { get; set; }

    public TimeSpan Latency { get; set; }

    /// <summary>Added to the latency, exponentially distributed around this mean.</summary>
    public TimeSpan LatencyJitter { get; set; }

    public double ThrottleRate { get; set; }

    /// <summary>The share of calls answered 500, 502 or 503.</summary>
    public double ServerErrorRate { get; set; }

    /// <summary>Such an answer is a page of HTML, as a proxy before Zoho writes it.</summary>
    public bool ServerErrorsAreHtml { get; set; }

    /// <summary>The share of calls answered 200 with an HTML page.</summary>
    public double HtmlRate { get; set; }

    /// <summary>The share of calls whose connection is cut.</summary>
    public double AbortRate { get; set; }

    /// <summary>Comma list of the kinds of calls (see <c>/control/statistics</c>) that latency and faults strike; empty for all.</summary>
    public string FaultKinds { get; set; } = "";
}
