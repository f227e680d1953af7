namespace LeadSync.ZohoSimulator.Fields;

/// <summary>
/// The names of a choice. Both are in Zoho's metadata. Zoho does not document which of them answers and exports contain.
/// </summary>
internal enum Spelling
{
    /// <summary>The <c>display_value</c>.</summary>
    Shown,

    /// <summary>The <c>actual_value</c>.</summary>
    Stored,
}
