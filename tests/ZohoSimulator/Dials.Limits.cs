namespace LeadSync.ZohoSimulator;

internal sealed partial class Dials
{
    // Limits and faults of all API calls.

    public int CreditsPerDay { get; set; } = 5_000_000;

    /// <summary>Calls beyond <see cref="CreditsPerDay"/> are answered 429.</summary>
    public bool CreditsEnforced { get; set; }

    /// <summary>Zoho: 20 calls at once in the Enterprise edition.</summary>
    public int Concurrency { get; set; } = 20;

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

    /// <summary>The share of calls answered 200 with an HTML page.</summary>
    public double HtmlRate { get; set; }

    /// <summary>The share of calls whose connection is cut.</summary>
    public double AbortRate { get; set; }

    /// <summary>Comma list of the kinds of calls (see <c>/control/statistics</c>) that latency and faults strike; empty for all.</summary>
    public string FaultKinds { get; set; } = "";
}
