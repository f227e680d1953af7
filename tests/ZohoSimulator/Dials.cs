using LeadSync.ZohoSimulator.BulkRead;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Oauth;

namespace LeadSync.ZohoSimulator;

/// <summary>
/// Everything about Zoho that is uncertain, or can go wrong, and can be set while the simulator runs: <c>PUT /control/dials</c>, or at the
/// start <c>Simulator__DropRate=0.1</c>. Rates are from 0 to 1, durations <c>d.hh:mm:ss.fff</c>; 0 of a limit means no limit.
/// The defaults play Zoho on a good day.
/// </summary>
internal sealed class Dials
{
    // The API user.

    /// <summary>An IANA name or an offset such as <c>+05:30</c>: how instants are written.</summary>
    public string TimeZone { get; set; } = Clock.TimeZones.Pacific;

    /// <summary>The share of leads that the user may not see.</summary>
    public double InvisibleLeads { get; set; }

    /// <summary>Comma list of fields that the user may not see.</summary>
    public string InvisibleFields { get; set; } = "";

    /// <summary>Every call about leads is answered 403 NO_PERMISSION.</summary>
    public bool NoPermission { get; set; }

    // OAuth.

    public TimeSpan TokenLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Zoho: 10 access tokens per refresh token and 10 minutes.</summary>
    public int TokensPerTenMinutes { get; set; } = 10;

    public TokenReply TokenReply { get; set; }

    /// <summary>A refused token request is answered with 200 and <c>error</c>, else with 400.</summary>
    public bool TokenErrorsWithStatus200 { get; set; } = true;

    public double TokenErrorRate { get; set; }

    /// <summary>INVALID_TOKEN or AUTHENTICATION_FAILURE.</summary>
    public string InvalidTokenCode { get; set; } = "INVALID_TOKEN";

    /// <summary>Comma list of scopes that the token lacks, for instance <c>ZohoCRM.bulk.READ</c>.</summary>
    public string MissingScopes { get; set; } = "";

    // Notification channels.

    public TimeSpan ChannelLife { get; set; } = TimeSpan.FromHours(1);

    public TimeSpan ChannelMaxLifeV6 { get; set; } = TimeSpan.FromDays(1);

    public TimeSpan ChannelMaxLifeV7 { get; set; } = TimeSpan.FromDays(7);

    public TimeSpan ChannelMaxLifeV8 { get; set; } = TimeSpan.FromDays(7);

    /// <summary>No channel is granted more, whatever was asked for; 0 leaves Zoho's rule.</summary>
    public TimeSpan ChannelLifeCap { get; set; }

    public bool PatchBlanksToken { get; set; } = true;

    public bool HttpsOnly { get; set; }

    /// <summary>Errors that concern one item come inside the array; else a single one comes bare.</summary>
    public bool WrappedErrors { get; set; }

    // Deliveries.

    /// <summary>Deliveries go out at most so many at once; those of one lead stay in order. 1 keeps all in order.</summary>
    public int DeliveryParallelism { get; set; } = 16;

    public TimeSpan DeliveryDelay { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Added to the delay, exponentially distributed around this mean.</summary>
    public TimeSpan DeliveryJitter { get; set; }

    /// <summary>Deliveries overtake each other by up to this much.</summary>
    public TimeSpan DeliveryReorder { get; set; }

    /// <summary>The share of deliveries that come <see cref="DeliveryLateBy"/> later, out of order.</summary>
    public double DeliveryLateRate { get; set; }

    public TimeSpan DeliveryLateBy { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Deliveries are held and let go together every so often.</summary>
    public TimeSpan DeliveryBurst { get; set; }

    public double DeliveryDropRate { get; set; }

    public double DeliveryDuplicateRate { get; set; }

    /// <summary>Most ids in one delivery; how many it takes of those that wait is chance.</summary>
    public int DeliveryIds { get; set; } = 1;

    public int DeliveryRetries { get; set; }

    public TimeSpan DeliveryRetryPause { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>More waiting deliveries than this are lost.</summary>
    public int DeliveryQueueLimit { get; set; } = 200_000;

    public double DeliveryWrongTokenRate { get; set; }

    public double DeliveryUnknownOperationRate { get; set; }

    public double DeliveryWithoutAffectedValuesRate { get; set; }

    public bool DeliveryNullToken { get; set; }

    public bool DeliveryNumericChannelId { get; set; }

    public bool DeliveryTextServerTime { get; set; }

    // Bulk read.

    public int BulkPerPage { get; set; } = 200_000;

    /// <summary>v7 and v8 continue with page tokens; else with <c>page</c>, as v6 does.</summary>
    public bool BulkPageTokens { get; set; } = true;

    public TimeSpan BulkPageTokenLife { get; set; } = TimeSpan.FromDays(1);

    public TimeSpan BulkAddedFor { get; set; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan BulkQueuedFor { get; set; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan BulkInProgressFor { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>When the rows of a page are taken.</summary>
    public BulkPicture BulkPicture { get; set; }

    public bool BulkIncludesConverted { get; set; } = true;

    public double BulkFailureRate { get; set; }

    /// <summary>The share of jobs that stay IN PROGRESS for ever.</summary>
    public double BulkStuckRate { get; set; }

    /// <summary>The share of jobs that show a state that nobody has heard of before they complete.</summary>
    public double BulkUnknownStateRate { get; set; }

    public double BulkCallbackLossRate { get; set; }

    public double BulkCallbackDuplicateRate { get; set; }

    /// <summary>Zoho: 10 per minute, all jobs together.</summary>
    public int BulkDownloadsPerMinute { get; set; } = 10;

    public TimeSpan BulkFileLife { get; set; } = TimeSpan.FromDays(1);

    public string BulkSeparator { get; set; } = ",";

    public string BulkMultiSelectSeparator { get; set; } = ";";

    public string BulkIdHeader { get; set; } = "Id";

    public bool BulkByteOrderMark { get; set; }

    public bool BulkCarriageReturns { get; set; }

    public bool BulkQuotesEverything { get; set; }

    public BulkDamage BulkDamage { get; set; }

    /// <summary>The share of new jobs that get <see cref="BulkDamage"/>.</summary>
    public double BulkDamageRate { get; set; } = 1;

    /// <summary>Only so many more jobs get it; 0 for all.</summary>
    public int BulkDamageTimes { get; set; }

    // Records, deleted records, COQL, count.

    /// <summary>Reads show a change only after this long.</summary>
    public TimeSpan ReadLag { get; set; }

    public int MaxIdsPerRead { get; set; } = 100;

    /// <summary>Zoho: text areas are cut to 500 characters in lists.</summary>
    public int ListTextLimit { get; set; } = 500;

    public TimeSpan PageTokenLife { get; set; } = TimeSpan.FromDays(1);

    /// <summary>204, 404 or 400.</summary>
    public int MissingRecordStatus { get; set; } = 204;

    /// <summary>A conditional read that finds nothing newer is answered 304, else 204.</summary>
    public bool NotModifiedStatus { get; set; } = true;

    public bool DeletedOldestFirst { get; set; }

    /// <summary>So many deleted records can be reached by <c>page</c>.</summary>
    public int DeletedReach { get; set; }

    /// <summary>Purging a record from the recycle bin gives it a new deleted_time.</summary>
    public bool PurgeMovesDeletedTime { get; set; }

    public bool CoqlIncludesConverted { get; set; } = true;

    /// <summary>Sources say 50, 200 or 500.</summary>
    public int CoqlColumns { get; set; } = 50;

    /// <summary>Zoho: more than two conditions need brackets pairwise.</summary>
    public bool CoqlPairwiseBrackets { get; set; } = true;

    /// <summary>Zoho: statistics lag 1 to 10 minutes.</summary>
    public TimeSpan CountLag { get; set; } = TimeSpan.FromMinutes(1);

    // What happens to leads.

    public Announce ConvertAnnounces { get; set; } = Announce.Update;

    public bool ConvertMovesModifiedTime { get; set; } = true;

    public Announce RestoreAnnounces { get; set; }

    public bool RestoreMovesModifiedTime { get; set; }

    public bool MergeAnnounces { get; set; } = true;

    public bool MassUpdateAnnounces { get; set; } = true;

    /// <summary>Formulas move so often, without Modified_Time.</summary>
    public TimeSpan FormulaDriftEvery { get; set; }

    /// <summary>The share of leads whose formulas move.</summary>
    public double FormulaDriftShare { get; set; } = 0.01;

    /// <summary>Hidden time columns move so often, without Modified_Time.</summary>
    public TimeSpan HiddenTimesMoveEvery { get; set; }

    // Limits and faults of all API calls.

    public int CreditsPerDay { get; set; } = 5_000_000;

    /// <summary>Calls beyond <see cref="CreditsPerDay"/> are answered 429.</summary>
    public bool CreditsEnforced { get; set; }

    /// <summary>Zoho: 20 calls at once in the Enterprise edition.</summary>
    public int Concurrency { get; set; } = 20;

    /// <summary>Zoho: 10 at once of COQL, sorted lists, conversions and large writes.</summary>
    public int SubConcurrency { get; set; } = 10;

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
