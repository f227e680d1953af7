namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>The result of a job without rows. Zoho does not document it.</summary>
internal enum BulkEmpty
{
    /// <summary>A CSV with only a header.</summary>
    Header,

    /// <summary>An empty CSV.</summary>
    Nothing,

    /// <summary>No file, but 204.</summary>
    NoContent,
}
