using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;

namespace LeadSync.Scheduler.Status;

/// <summary>The answer of <c>GET /status</c>. The times of the channel, of the gaps and of the last good sync are Zoho's clock.</summary>
/// <param name="Parked">How many items each service has parked.</param>
internal sealed record StatusReport(
    string Phase,
    DateTimeOffset? LastGoodSync,
    bool Paused,
    bool HasLeader,
    StatusReport.ChannelReport Channel,
    StatusReport.RunReport? Run,
    StatusReport.CatchUpReport CatchUp,
    StatusReport.GapsReport Gaps,
    StatusReport.ComparisonReport FullComparison,
    RebuildReport? Rebuild,
    IReadOnlyDictionary<string, long> Parked,
    CreditReport Credits)
{
    private const int RecentGaps = 20;

    public static StatusReport Of(SyncState state, SchedulerOptions options, DateTimeOffset now, bool hasLeader, IReadOnlyDictionary<string, long> parked) => new(
        Planning.Phase.Of(state, now),
        state.LastGoodSync,
        state.IsPaused,
        hasLeader,
        ChannelReport.Of(state.Channel, now),
        state.Run is { } run ? RunReport.Of(run) : null,
        CatchUpReport.Of(state, options, now),
        new GapsReport([.. state.Gaps.Open], [.. state.Gaps.Closed.OrderByDescending(gap => gap.ClosedAt).Take(RecentGaps)]),
        ComparisonReport.Of(state, options, now),
        state.Rebuild is { } rebuild ? RebuildReport.Of(rebuild) : null,
        parked,
        CreditReport.Of(state, options, now));

    /// <param name="IsSilent">Leads were modified that it told nothing about; catch-ups come more often until it does.</param>
    /// <param name="Trouble">Why the last attempt to renew it failed.</param>
    internal sealed record ChannelReport(string? Id, bool IsOpen, DateTimeOffset? ExpiresAt, DateTimeOffset NextRenewal, bool IsSilent, string? Trouble)
    {
        public static ChannelReport Of(Channel channel, DateTimeOffset now) => new(
            channel.Id,
            channel.IsOpenAt(now),
            channel.Id is null ? null : channel.ExpiresAt,
            NotBefore(now, ChannelPlan.RenewalDue(channel)),
            channel.IsSilent,
            channel.RenewalFailure);
    }

    internal sealed record RunReport(
        Guid Id,
        BulkPurpose Purpose,
        DateTimeOffset StartedAt,
        DateTimeOffset? ModifiedSince,
        int Rows,
        int RowsProjected,
        IReadOnlyList<PageReport> Pages)
    {
        public static RunReport Of(BulkRun run) => new(
            run.Id,
            run.Purpose,
            run.StartedAt,
            run.ModifiedSince,
            run.KnownPages.Sum(page => page.Result?.Rows ?? 0),
            run.KnownPages.Where(page => page.IsProjected).Sum(page => page.Result!.Rows),
            [.. run.KnownPages.Select(PageReport.Of)]);
    }

    /// <param name="State">How far it is: <c>waiting</c>, <c>requested</c>, <c>reading</c>, <c>ready</c> or <c>projected</c>.</param>
    internal sealed record PageReport(int Page, string State, string? JobId, int? Rows, int? Parked, string? Trouble)
    {
        public static PageReport Of(BulkPage page) => new(
            page.Number,
            page switch
            {
                { IsProjected: true } => "projected",
                { Result: not null } => "ready",
                { Job: not null } => "reading",
                { SentAt: not null, Failure: null } => "requested",
                _ => "waiting",
            },
            page.Job?.Id,
            page.Result?.Rows,
            page.Job?.Projection?.Parked,
            page.Failure);
    }

    /// <param name="Pages">How many it has, once it has read everything.</param>
    internal sealed record CatchUpReport(
        Guid? Id,
        DateTimeOffset? Since,
        int? Pages,
        int? PagesProjected,
        DateTimeOffset? LastStartedAt,
        DateTimeOffset? Next,
        int Failures,
        string? Trouble)
    {
        public static CatchUpReport Of(SyncState state, SchedulerOptions options, DateTimeOffset now)
        {
            var (catchUps, round) = (state.CatchUps, state.CatchUps.Current);
            var isPossible = round is null && state is { LastGoodSync: not null, IsPaused: false, CatchUps.TooLargeSince: null };
            return new(
                round?.Id,
                round?.Since,
                round?.Until is null ? null : round.Pages,
                round?.Projected.Count,
                catchUps.LastStartedAt,
                isPossible ? NotBefore(now, CatchUpPlan.Due(state, options, now)) : null,
                catchUps.Failures,
                catchUps.LastFailure);
        }
    }

    internal sealed record GapsReport(IReadOnlyList<Gap> Open, IReadOnlyList<Gap> Recent);

    /// <param name="LastRead">The last time every lead was read.</param>
    /// <param name="LastCompared">What the last comparison found.</param>
    /// <param name="HeldBack">One that would remove suspiciously many leads, and waits to be released or dropped.</param>
    internal sealed record ComparisonReport(CompleteRead? LastRead, LeadsCompared? LastCompared, HeldComparison? HeldBack, bool IsComparing, DateTimeOffset? Next)
    {
        public static ComparisonReport Of(SyncState state, SchedulerOptions options, DateTimeOffset now) => new(
            state.LastCompleteRead,
            state.LastComparison,
            state.HeldComparison,
            state.Comparison is not null,
            BulkReadPlan.FullComparisonDue(state, options) is { } due ? NotBefore(now, due) : null);
    }

    private static DateTimeOffset NotBefore(DateTimeOffset now, DateTimeOffset due) => due < now ? now : due;
}
