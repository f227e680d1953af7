namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>How an export writes rich texts. Zoho does not say.</summary>
internal enum RichTexts
{
    Full,

    /// <summary>The first 500 characters, as in every answer but one.</summary>
    Cut,
    WithoutMarks,
    Blank,
}

/// <summary>How an export ends lines within texts. Zoho does not say.</summary>
internal enum LineEnds
{
    AsStored,
    Lf,
    CrLf,
}
