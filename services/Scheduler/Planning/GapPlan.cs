namespace LeadSync.Scheduler.Planning;

/// <summary>Closes the gaps that a catch-up has covered.</summary>
internal static class GapPlan
{
    public static IEnumerable<Decision> Decide(SyncState state, DateTimeOffset now) =>
        state.Gaps.Open.Where(gap => gap.IsCoveredBy(state.LastGoodSync)).Select<Gap, Decision>(gap => new GapClosed(gap.Id, now));
}
