using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;

namespace LeadSync.Scheduler.Status;

/// <summary>The answer of <c>GET /status</c>. The times of the channel, of the gaps and of the last good sync are Zoho's clock.</summary>
/// <param name="At">When it was read, our clock.</param>
/// <param name="LastChange">Null when no change was applied yet.</param>
/// <param name="Parked">How many items each service has parked.</param>
internal sealed record StatusReport(
    DateTimeOffset At,
    string Phase,
    DateTimeOffset? LastGoodSync,
    bool Paused,
    bool HasLeader,
    LastChange? LastChange,
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

    [JsonPropertyOrder(-1)]
    public StatusSentence Sentence => StatusSentence.Of(this);

    /// <param name="progress">Of the pages of the bulk read that goes on.</param>
    public static StatusReport Of(
        SyncState state,
        SchedulerOptions options,
        DateTimeOffset now,
        bool hasLeader,
        IReadOnlyDictionary<string, long> parked,
        LastChange? lastChange = null,
        IReadOnlyList<PageProgress>? progress = null) => new(
        now,
        Planning.Phase.Of(state, now),
        state.LastGoodSync,
        state.IsPaused,
        hasLeader,
        lastChange,
        ChannelReport.Of(state.Channel, now),
        state.Run is { } run ? RunReport.Of(run, progress ?? []) : null,
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

    /// <param name="Rows">Of the pages that Zoho has shown so far.</param>
    /// <param name="RowsProjected">Of the pages that are applied.</param>
    /// <param name="RowsDone">Also of the pages that are being applied.</param>
    /// <param name="RowsPerSecond">Of the pages that are being applied; null while none is.</param>
    /// <param name="SecondsLeft">For the rows that Zoho has shown so far.</param>
    internal sealed record RunReport(
        Guid Id,
        BulkPurpose Purpose,
        DateTimeOffset StartedAt,
        DateTimeOffset? ModifiedSince,
        int Rows,
        int RowsProjected,
        int RowsDone,
        double? RowsPerSecond,
        double? SecondsLeft,
        IReadOnlyList<PageReport> Pages)
    {
        public static RunReport Of(BulkRun run, IReadOnlyList<PageProgress> progress)
        {
            var applying = progress.Where(page => run.KnownPages.Any(known => known.Number == page.Page && known is { Result: not null, IsProjected: false })).ToList();
            var rows = run.KnownPages.Sum(page => page.Result?.Rows ?? 0);
            var projected = run.KnownPages.Where(page => page.IsProjected).Sum(page => page.Result!.Rows);
            var done = projected + applying.Sum(page => page.Done);
            var rate = Math.Round(applying.Sum(page => page.RowsPerSecond));
            return new(
                run.Id,
                run.Purpose,
                run.StartedAt,
                run.ModifiedSince,
                rows,
                projected,
                done,
                rate > 0 ? rate : null,
                rate > 0 ? Math.Round(Math.Max(rows - done, 0) / rate, 1) : null,
                [.. run.KnownPages.Select(page => PageReport.Of(page, applying.FirstOrDefault(one => one.Page == page.Number)))]);
        }
    }

    /// <param name="State">How far it is: <c>waiting</c>, <c>requested</c>, <c>reading</c>, <c>ready</c> or <c>projected</c>.</param>
    /// <param name="RowsChecked">Rows that were compared with what is known; null unless it is being applied.</param>
    /// <param name="RowsDone">Rows that are applied, or change nothing; null unless it is being applied.</param>
    /// <param name="Difference">How many rows its file has more than Zoho counts; negative when it has less, null when it has as many.</param>
    internal sealed record PageReport(int Page, string State, string? JobId, int? Rows, int? RowsChecked, int? RowsDone, int? Parked, string? Trouble, int? Difference)
    {
        public static PageReport Of(BulkPage page, PageProgress? progress) => new(
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
            progress?.Checked,
            progress?.Done,
            page.Job?.Projection?.Parked,
            page.Failure is { } failure && page.Jobs.Count > 1 ? $"{failure} {page.Jobs.Count} jobs were made for it, at 50 credits each." : page.Failure,
            page.Job?.Projection is { Difference: not 0 and var difference } ? difference : null);
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
