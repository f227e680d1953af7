using LeadSync.ZohoSimulator.BulkRead;
using LeadSync.ZohoSimulator.Fields;

namespace LeadSync.ZohoSimulator;

internal sealed partial class Dials
{
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

    /// <summary>Zoho: whether exports hold what is shown or what is stored is not said.</summary>
    public Spelling BulkPicklists { get; set; }

    public LineEnds BulkLineEnds { get; set; }

    public RichTexts BulkRichTexts { get; set; }

    public SafeTexts BulkTexts { get; set; }

    /// <summary>What a cell without a value holds, for instance a space.</summary>
    public string BulkBlank { get; set; } = "";

    /// <summary>The words for yes and no.</summary>
    public string BulkBooleans { get; set; } = "true,false";

    /// <summary>Numbers have marks of thousands and percent, and roll-ups two decimals.</summary>
    public bool BulkNumbersAreMarked { get; set; }

    /// <summary>
    /// Comma list of data types whose values are written as names instead of ids: <c>layout</c>, <c>territories</c>, <c>lookup</c>, …
    /// </summary>
    public string BulkNames { get; set; } = "";

    /// <summary>Every job's status counts so many rows more than its file has.</summary>
    public int BulkCountOff { get; set; }

    /// <summary>The status shows a result in every state; Zoho's samples do.</summary>
    public bool BulkResultAlways { get; set; }

    /// <summary>The code that every page token is refused with; empty takes it. Zoho names none.</summary>
    public string BulkTokenRefusal { get; set; } = "";

    /// <summary>The code that a job with a callback is refused with, for instance CALLBACK_FAILURE; empty takes it.</summary>
    public string BulkCallbackRefusal { get; set; } = "";

    public string BulkIdHeader { get; set; } = "Id";

    public bool BulkByteOrderMark { get; set; }

    public bool BulkCarriageReturns { get; set; }

    public bool BulkQuotesEverything { get; set; }

    /// <summary>What there is to download when nothing was found.</summary>
    public BulkEmpty BulkEmpty { get; set; }

    public BulkDamage BulkDamage { get; set; }

    /// <summary>The share of new jobs that get <see cref="BulkDamage"/>.</summary>
    public double BulkDamageRate { get; set; } = 1;

    /// <summary>Only so many more jobs get it; 0 for all.</summary>
    public int BulkDamageTimes { get; set; }
}
