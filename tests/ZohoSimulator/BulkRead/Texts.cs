namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>The forms of rich texts in an export. Zoho does not document it.</summary>
internal enum RichTexts
{
    Full,

    /// <summary>The first 500 characters, as in every answer but one.</summary>
    Cut,
    WithoutMarks,
    Blank,
}

/// <summary>The line ends within texts of an export. Zoho does not document them.</summary>
internal enum LineEnds
{
    AsStored,
    Lf,
    CrLf,
}

/// <summary>The forms of texts that a spreadsheet or browser could run. Zoho does not document them.</summary>
internal enum SafeTexts
{
    AsStored,

    /// <summary>With a quote before a text that a spreadsheet would take for a formula.</summary>
    Guarded,

    /// <summary>With entities, as for a browser.</summary>
    Html,
}
