namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>What the result of a job without rows is. Zoho does not say.</summary>
internal enum BulkEmpty
{
    /// <summary>A CSV of a header only.</summary>
    Header,

    /// <summary>A CSV without a byte.</summary>
    Nothing,

    /// <summary>No file, but 204.</summary>
    NoContent,
}
