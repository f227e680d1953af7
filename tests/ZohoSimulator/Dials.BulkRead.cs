using LeadSync.ZohoSimulator.BulkRead;
using LeadSync.ZohoSimulator.Fields;

namespace LeadSync.ZohoSimulator;

internal sealed partial class Dials
{
    // Bulk read.

    public int BulkPerPage { get; set; } = 200_000;

    /// <summary>v7 and v8 continue with page tokens; otherwise with <c>page</c>, like v6.</summary>
    public bool BulkPageTokens { get; set; } = true;

    public TimeSpan BulkPageTokenLife { get; set; } = TimeSpan.FromDays(1);

    public TimeSpan BulkAddedFor { get; set; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan BulkQueuedFor { get; set; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan BulkInProgressFor { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>The moment whose values the rows of a page show.</summary>
    public BulkPicture BulkPicture { get; set; }

    public bool BulkIncludesConverted { get; set; } = true;

    public double BulkFailureRate { get; set; }

    /// <summary>The share of jobs that stay IN PROGRESS for ever.</summary>
    public double BulkStuckRate { get; set; }

    /// <summary>The share of jobs that show an unknown state before they complete.</summary>
    public double BulkUnknownStateRate { get; set; }

    public double BulkCallbackLossRate { get; set; }

    public double BulkCallbackDuplicateRate { get; set; }

    /// <summary>Downloads a minute, for all jobs together. Zoho: 10.</summary>
    public int BulkDownloadsPerMinute { get; set; } = 10;

    public TimeSpan BulkFileLife { get; set; } = TimeSpan.FromDays(1);

    public string BulkSeparator { get; set; } = ",";

    public string BulkMultiSelectSeparator { get; set; } = ";";

    /// <summary>Whether exports contain displayed or stored names. Zoho does not document which.</summary>
    public Spelling BulkPicklists { get; set; }

    public LineEnds BulkLineEnds { get; set; }

    public RichTexts BulkRichTexts { get; set; }

    public SafeTexts BulkTexts { get; set; }

    /// <summary>The text of a cell without a value, for instance a space.</summary>
    public string BulkBlank { get; set; } = "";

    /// <summary>The words for yes and no.</summary>
    public string BulkBooleans { get; set; } = "true,false";

    /// <summary>Numbers have thousands separators and percent signs, and roll-ups two decimals.</summary>
    public bool BulkNumbersAreMarked { get; set; }

    /// <summary>
    /// Comma-separated data types whose values are written as names instead of ids: <c>layout</c>, <c>territories</c>, <c>lookup</c>, …
    /// </summary>
    public string BulkNames { get; set; } = "";

    /// <summary>The number of rows by which every job's status exceeds its file.</summary>
    public int BulkCountOff { get; set; }

    /// <summary>The status shows a result in every state, like Zoho's samples.</summary>
    public bool BulkResultAlways { get; set; }

    /// <summary>The code with which every page token is refused; empty accepts it. Zoho documents no code.</summary>
    public string BulkTokenRefusal { get; set; } = "";

    /// <summary>The code with which a job with a callback is refused, for instance CALLBACK_FAILURE; empty accepts it.</summary>
    public string BulkCallbackRefusal { get; set; } = "";

    public string BulkIdHeader { get; set; } = "Id";

    public bool BulkByteOrderMark { get; set; }

    public bool BulkCarriageReturns { get; set; }

    public bool BulkQuotesEverything { get; set; }

    /// <summary>The download of a job without rows.</summary>
    public BulkEmpty BulkEmpty { get; set; }

    public BulkDamage BulkDamage { get; set; }

    /// <summary>The share of new jobs that get <see cref="BulkDamage"/>.</summary>
    public double BulkDamageRate { get; set; } = 1;

    /// <summary>The number of further jobs that get the damage; 0 for all.</summary>
    public int BulkDamageTimes { get; set; }
}
