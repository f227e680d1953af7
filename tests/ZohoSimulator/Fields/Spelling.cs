namespace LeadSync.ZohoSimulator.Fields;

/// <summary>
/// Which of a choice's names is written. Zoho: both are in the metadata; which of them answers and exports hold is not said.
/// </summary>
internal enum Spelling
{
    /// <summary>The <c>display_value</c>.</summary>
    Shown,

    /// <summary>The <c>actual_value</c>.</summary>
    Stored,
}
