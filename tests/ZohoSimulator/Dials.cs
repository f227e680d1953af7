using LeadSync.ZohoSimulator.Oauth;

namespace LeadSync.ZohoSimulator;

/// <summary>
/// Every uncertainty about Zoho and every fault, which can be set while the simulator runs (<c>PUT /control/dials</c>) or at the
/// start (<c>Simulator__DeliveryDropRate=0.1</c>). Rates are from 0 to 1, durations <c>d.hh:mm:ss.fff</c>; a limit of 0 means no limit.
/// The defaults simulate Zoho without faults.
/// </summary>
internal sealed partial class Dials
{
    // The API user.

    /// <summary>The time zone in which instants are written: an IANA name, or an offset such as <c>+05:30</c>.</summary>
    public string TimeZone { get; set; } = Clock.TimeZones.Pacific;

    /// <summary>The share of leads that the user may not see.</summary>
    public double InvisibleLeads { get; set; }

    /// <summary>Comma-separated fields that the user may not see.</summary>
    public string InvisibleFields { get; set; } = "";

    /// <summary>Every call about leads gets 403 NO_PERMISSION.</summary>
    public bool NoPermission { get; set; }

    // The org.

    /// <summary><c>free</c>, <c>standard</c>, <c>professional</c>, <c>enterprise</c>, <c>ultimate</c>.</summary>
    public string Edition { get; set; } = "enterprise";

    public int EditionUsers { get; set; } = 25;

    // OAuth.

    public TimeSpan TokenLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Tokens come without <c>api_domain</c>.</summary>
    public bool TokenWithoutApiDomain { get; set; }

    /// <summary>Zoho: 10 access tokens per refresh token and 10 minutes.</summary>
    public int TokensPerTenMinutes { get; set; } = 10;

    public TokenReply TokenReply { get; set; }

    /// <summary>The <c>api_domain</c> that comes with a token; empty for the simulator's own address.</summary>
    public string TokenApiDomain { get; set; } = "";

    /// <summary>A refused token request gets 200 and <c>error</c>; otherwise 400.</summary>
    public bool TokenErrorsWithStatus200 { get; set; } = true;

    public double TokenErrorRate { get; set; }

    /// <summary>INVALID_TOKEN or AUTHENTICATION_FAILURE.</summary>
    public string InvalidTokenCode { get; set; } = "INVALID_TOKEN";

    /// <summary>Comma-separated scopes that the token lacks, for instance <c>ZohoCRM.bulk.READ</c>.</summary>
    public string MissingScopes { get; set; } = "";

    /// <summary>401 or 403.</summary>
    public int MissingScopeStatus { get; set; } = 401;
}
