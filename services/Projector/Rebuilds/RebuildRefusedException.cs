namespace LeadSync.Projector.Rebuilds;

/// <summary>A rebuild cannot be made; the view that is read is as it was.</summary>
/// <param name="reason">One sentence for the person on call.</param>
internal sealed class RebuildRefusedException(string reason) : Exception(reason);
