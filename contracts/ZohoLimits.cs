namespace LeadSync.Contracts;

/// <summary>Zoho's limits and prices, as far as LeadSync needs them. Sources: Zoho's API limits (v8), Get Records, Get Users, Bulk Read,
/// Notifications, OAuth.</summary>
public static class ZohoLimits
{
    /// <summary>The most digits of an id. Zoho's ids have 19 digits today. LeadSync takes a longer number for no id.</summary>
    public const int IdLength = 32;

    /// <summary>Rows on a page of a list.</summary>
    public const int RowsPerPage = 200;

    /// <summary>The number of pages by number: they reach a list's first 2,000 rows. Beyond them Zoho answers with errors.</summary>
    public const int PagesByNumber = 10;

    /// <summary>The first rows of a list, which pages by number reach.</summary>
    public const int RowsByPageNumber = PagesByNumber * RowsPerPage;

    /// <summary>Zoho documents no maximum for <c>ids</c>. One document implies 100, another 1,024 characters, which 50 ids fit
    /// into.</summary>
    public const int IdsPerCall = 50;

    /// <summary>With <c>id</c> and <c>Modified_Time</c>, 50.</summary>
    public const int FieldsPerCall = 48;

    /// <summary>Zoho may have cut a text of this length in a list.</summary>
    public const int CutTextLength = 500;

    /// <summary>Rich text fields that one call shows in full.</summary>
    public const int FullTextsPerCall = 8;

    /// <summary>A bulk read job that names more fields exports every field.</summary>
    public const int FieldsPerBulkJob = 200;

    /// <summary>Rows of one page of a bulk read.</summary>
    public const int RowsPerBulkPage = 200_000;

    /// <summary>Calls at the same time, by all programs of one client: 5 on the free edition, up to 25 on the largest.</summary>
    public const int ParallelCalls = 5;

    /// <summary>Sorted lists at the same time, on every edition; they also count as calls.</summary>
    public const int ParallelLists = 10;

    /// <summary>Credits for most calls.</summary>
    public const int CallCredits = 1;

    /// <summary>Credits for creating a bulk read job, however many rows it exports.</summary>
    public const int BulkJobCredits = 50;

    /// <summary>Credits for a whole page in bulk: the job, some checks of its status, its file.</summary>
    public const int BulkPageCredits = BulkJobCredits + 6;

    /// <summary>Characters of the address that Zoho notifies.</summary>
    public const int NotifyUrlLength = 255;

    /// <summary>A channel of one day is to be renewed after this time at the latest.</summary>
    public static readonly TimeSpan ChannelRenewal = new(23, 55, 0);

    /// <summary>A modification that is older than this should have been announced. Zoho promises "near real time" and no more.</summary>
    public static readonly TimeSpan NotificationDelay = TimeSpan.FromMinutes(5);

    /// <summary>The life of a notification channel when Zoho grants nothing else.</summary>
    public static readonly TimeSpan LeastChannelLife = TimeSpan.FromHours(1);

    /// <summary>Zoho refuses more than ten downloads of bulk files within a minute until the minute ends.</summary>
    public static readonly TimeSpan DownloadPause = TimeSpan.FromMinutes(1);

    /// <summary>The life of an access token when the answer does not say it.</summary>
    public static readonly TimeSpan AccessTokenLife = TimeSpan.FromHours(1);

    /// <summary>After too many access tokens, Zoho gives none for ten minutes. Asking again within a minute only prolongs that.</summary>
    public static readonly TimeSpan TokenPause = TimeSpan.FromMinutes(1);
}
