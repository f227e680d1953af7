namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>The moment whose values the rows of a bulk read show. Zoho does not document it.</summary>
internal enum BulkPicture
{
    /// <summary>When the page's job is created.</summary>
    AtPage,

    /// <summary>When the first page's job is created, for all pages (page tokens only).</summary>
    AtStart,

    /// <summary>Each row some time between the job's creation and its completion.</summary>
    Moving,
}
