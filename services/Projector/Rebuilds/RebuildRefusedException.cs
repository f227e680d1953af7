namespace LeadSync.Projector.Rebuilds;

/// <summary>A rebuild is impossible. The served view is unchanged.</summary>
/// <param name="reason">One sentence for the person on call.</param>
internal sealed class RebuildRefusedException(string reason) : Exception(reason);
