namespace LeadSync.IntegrationTests.Dials;

/// <summary>What makes the view true again.</summary>
internal enum Repair
{
    /// <summary>Notifications alone.</summary>
    None,

    CatchUp,

    /// <summary>A full comparison, and the catch-up that follows it.</summary>
    Comparison,
}
