namespace LeadSync.IntegrationTests.Dials;

/// <summary>What it takes until the view is true.</summary>
internal enum Repair
{
    /// <summary>Notifications alone.</summary>
    None,

    CatchUp,

    /// <summary>A comparison of every lead, and the catch-up that follows it.</summary>
    Comparison,
}
