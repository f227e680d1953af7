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

/// <summary>How an export writes texts that a program which opens it could run. Zoho does not say.</summary>
internal enum SafeTexts
{
    AsStored,

    /// <summary>With a quote before what a spreadsheet would take for a formula.</summary>
    Guarded,

    /// <summary>With entities, as for a browser.</summary>
    Html,
}
