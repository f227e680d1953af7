using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;

namespace LeadSync.Scheduler.Status;

/// <summary>The answer of <c>GET /status</c>. The times of the channel, of the gaps and of the last good sync are Zoho's clock.</summary>
/// <param name="At">The scheduler's clock: when the status was read.</param>
/// <param name="LastChange">Null when no change was applied yet.</param>
/// <param name="LastTickAt">The scheduler's clock: when the leader last took a step. Null when no scheduler ever led.</param>
/// <param name="FirstLedAt">When the sync began.</param>
/// <param name="Broker">Why RabbitMQ cannot be reached; null when it can.</param>
/// <param name="Database">Why the scheduler cannot write its database; null when it can.</param>
/// <param name="ReceivedAt">The last time for which a gateway has recorded that it receives. A gateway records that time only after it has
/// announced the gaps before. Null when no gateway ever has.</param>
/// <param name="Waiting">Changes that a gateway has accepted and the view does not show; null when RabbitMQ cannot be reached.</param>
/// <param name="Rereads">Messages with leads that are read again although Zoho announced no change of them; null when RabbitMQ cannot be
/// reached.</param>
/// <param name="Parked">The number of parked items of each service.</param>
/// <param name="CertificateEnds">When the certificate of the gateway's public address expires; null when it has none, or no gateway has
/// looked.</param>
/// <param name="AlertTrouble">Why an alert could not be sent; null when all were sent.</param>
internal sealed record StatusReport(
    DateTimeOffset At,
    Phase Phase,
    DateTimeOffset? LastGoodSync,
    StatusReport.PauseReport? Pause,
    bool HasLeader,
    DateTimeOffset? LastTickAt,
    DateTimeOffset? FirstLedAt,
    IReadOnlyList<RunningService> Services,
    Outage? Broker,
    Outage? Database,
    DateTimeOffset? ReceivedAt,
    WaitingChanges? Waiting,
    WaitingChanges? Rereads,
    LastChange? LastChange,
    StatusReport.ChannelReport Channel,
    StatusReport.RunReport? Run,
    StatusReport.CatchUpReport CatchUp,
    StatusReport.GapsReport Gaps,
    StatusReport.ComparisonReport FullComparison,
    RebuildReport? Rebuild,
    IReadOnlyDictionary<string, long> Parked,
    CreditReport Credits,
    DateTimeOffset? CertificateEnds,
    string? AlertTrouble)
{
    private const int RecentGaps = 20;

    /// <summary>The number of events that the state was computed from.</summary>
    [JsonIgnore]
    public long Version { get; init; }

    /// <summary>Whether the view shows what Zoho holds.</summary>
    [JsonPropertyOrder(-3)]
    public bool InSync => Verdict.InSync;

    [JsonPropertyOrder(-2)]
    public StatusSentence Sentence => Verdict.Sentence;

    [JsonPropertyOrder(-1)]
    public IReadOnlyList<Reason> Reasons => Verdict.Reasons;

    public bool Paused => Pause is not null;

    [JsonIgnore]
    public Verdict Verdict => Status.Verdict.Of(this);

    public static StatusReport Of(SyncState state, SchedulerOptions options, DateTimeOffset now, StatusInputs inputs)
    {
        var report = Planned(state, options, now, inputs);
        // Some readers look only at the phase. So the phase is "in sync" only when nothing but parked items is missing from the view.
        return report.Phase == Phase.InSync && report.Reasons.Any(reason => reason is { IsOutOfSync: true, Kind: not ReasonKind.Parked })
            ? report with { Phase = Phase.NotInSync }
            : report;
    }

    private static StatusReport Planned(SyncState state, SchedulerOptions options, DateTimeOffset now, StatusInputs inputs) => new(
        now,
        Phases.Of(state, now),
        state.LastGoodSync,
        state.Pause is { } pause ? new PauseReport(pause.At, pause.By, pause.Reason) : null,
        inputs.HasLeader,
        inputs.LastTickAt,
        state.FirstLedAt,
        inputs.Services,
        inputs.Broker,
        inputs.Database,
        inputs.ReceivedAt,
        inputs.Waiting,
        inputs.Rereads,
        inputs.LastChange,
        ChannelReport.Of(state.Channel, now),
        state.Run is { } run ? RunReport.Of(run, inputs.Progress) : null,
        CatchUpReport.Of(state, options, now),
        new GapsReport([.. state.Gaps.Open], [.. state.Gaps.Closed.OrderByDescending(gap => gap.ClosedAt).Take(RecentGaps)]),
        ComparisonReport.Of(state, options),
        state.Rebuild is { } rebuild ? RebuildReport.Of(rebuild) : null,
        inputs.Parked,
        CreditReport.Of(state, options, now),
        inputs.CertificateEnds,
        inputs.AlertTrouble);

    /// <summary>The report for callers without the right to see who paused the sync, and why.</summary>
    public StatusReport WithoutNames() => this with { Pause = Pause is null ? null : Pause with { By = null, Reason = null } };

    internal sealed record PauseReport(DateTimeOffset Since, string? By, string? Reason);

    /// <param name="IsSilent">Whether leads were modified without a notification. Until one arrives, catch-ups run more often.</param>
    /// <param name="Trouble">Why the last attempt to open or renew the channel failed; null when it succeeded.</param>
    /// <param name="ConfirmedAt">When Zoho last confirmed that it has the channel.</param>
    /// <param name="IsLost">Whether Zoho no longer has the channel although it has not expired.</param>
    /// <param name="NextRenewal">When the next renewal is due; a time long past when it is due at once.</param>
    internal sealed record ChannelReport(
        string? Id,
        bool IsOpen,
        bool IsLost,
        DateTimeOffset? ExpiresAt,
        DateTimeOffset NextRenewal,
        bool IsSilent,
        DateTimeOffset? SilentSince,
        DateTimeOffset? ConfirmedAt,
        string? Trouble)
    {
        public static ChannelReport Of(Channel channel, DateTimeOffset now) => new(
            channel.Id,
            channel.IsOpenAt(now),
            channel.IsLost,
            channel.Id is null ? null : channel.ExpiresAt,
            ChannelPlan.RenewalDue(channel),
            channel.IsSilent,
            channel.SilentSince,
            channel.Id is null ? null : channel.GoodAt,
            channel.RenewalFailure);
    }

    /// <param name="Rows">The rows of the pages that Zoho has exported so far.</param>
    /// <param name="RowsProjected">The rows of the pages that are applied.</param>
    /// <param name="RowsDone">The applied rows, including those of pages that are being applied.</param>
    /// <param name="Requests">How often the gateway has asked Zoho for the export that is still missing.</param>
    /// <param name="RowsPerSecond">The rate at which pages are being applied; null while none is.</param>
    /// <param name="SecondsLeft">The time until the exported rows are applied; null while no page is being applied.</param>
    internal sealed record RunReport(
        Guid Id,
        BulkPurpose Purpose,
        DateTimeOffset StartedAt,
        DateTimeOffset? ModifiedSince,
        int Rows,
        int RowsProjected,
        int RowsDone,
        int Requests,
        double? RowsPerSecond,
        double? SecondsLeft,
        IReadOnlyList<PageReport> Pages)
    {
        public static RunReport Of(BulkRun run, IReadOnlyList<PageProgress> progress)
        {
            var applying = progress.Where(page =>
                run.KnownPages.Any(known => known.Number == page.Page && known is { Result: not null, IsProjected: false })).ToList();
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
                run.Requests,
                rate > 0 ? rate : null,
                rate > 0 ? Math.Round(Math.Max(rows - done, 0) / rate, 1) : null,
                [.. run.KnownPages.Select(page => PageReport.Of(page, applying.FirstOrDefault(one => one.Page == page.Number)))]);
        }
    }

    /// <param name="State"><c>waiting</c>, <c>requested</c>, <c>reading</c>, <c>ready</c> or <c>projected</c>.</param>
    /// <param name="RowsChecked">Rows that were compared with the known leads; null unless the page is being applied.</param>
    /// <param name="RowsDone">Rows that are applied, or change nothing; null unless the page is being applied.</param>
    /// <param name="Difference">Rows in the page's file minus rows that Zoho counts; null when both agree.</param>
    internal sealed record PageReport(
        int Page, string State, string? JobId, int? Rows, int? RowsChecked, int? RowsDone, int? Parked, string? Trouble, int? Difference)
    {
        public static PageReport Of(BulkPage page, PageProgress? progress) => new(
            page.Number,
            page switch
            {
                { IsProjected: true } => "projected",
                { Result: not null } => "ready",
                { Job: not null } => "reading",
                { IsRequested: true } => "requested",
                _ => "waiting",
            },
            page.Job?.Id,
            page.Result?.Rows,
            progress?.Checked,
            progress?.Done,
            page.Job?.Projection?.Parked,
            TroubleOf(page),
            page.Job?.Projection is { Difference: not 0 and var difference } ? difference : null);

        private static string? TroubleOf(BulkPage page) => page switch
        {
            { Result: not null } or { Failure: null } => null,
            { Jobs.Count: > 1 } =>
                $"{page.Failure.TrimEnd('.')}. LeadSync has created {page.Jobs.Count} jobs for this page, at 50 credits each.",
            _ => page.Failure,
        };
    }

    /// <param name="Pages">The number of pages of the running catch-up; null until the catch-up has read all of them.</param>
    /// <param name="Next">When the next catch-up is due; null when none can begin. A time in the past means that the catch-up waits for
    /// something else, such as credits.</param>
    /// <param name="IsReadInBulk">Whether a bulk read takes the place of the catch-up.</param>
    /// <param name="Ordered">The actions that have not ended.</param>
    /// <param name="Ended">The results of the last ones, the newest first.</param>
    internal sealed record CatchUpReport(
        Guid? Id,
        DateTimeOffset? Since,
        int? Pages,
        int? PagesProjected,
        DateTimeOffset? LastStartedAt,
        DateTimeOffset? Next,
        int Failures,
        string? Trouble,
        bool HasSucceeded,
        bool IsReadInBulk,
        TimeSpan Interval,
        IReadOnlyList<Guid> Ordered,
        IReadOnlyList<Ended> Ended)
    {
        // Two scheduled catch-ups may fail before somebody should look.
        [JsonIgnore]
        public TimeSpan Patience => (2 * Interval) + TimeSpan.FromMinutes(10);

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
                isPossible ? CatchUpPlan.Due(state, options, now) : null,
                catchUps.Failures,
                catchUps.LastFailure,
                catchUps.HasSucceeded,
                catchUps.TooLargeSince is not null,
                options.CatchUpInterval,
                [.. catchUps.Actions, .. round?.Actions ?? []],
                catchUps.Ended);
        }
    }

    internal sealed record GapsReport(IReadOnlyList<Gap> Open, IReadOnlyList<Gap> Recent);

    /// <param name="LastRead">The last full read.</param>
    /// <param name="LastCompared">The result of the last comparison.</param>
    /// <param name="HeldBack">The comparison that would remove suspiciously many leads, until an operator releases or drops it.</param>
    /// <param name="Ordered">The actions that have not ended.</param>
    /// <param name="Ended">The results of the last ones, the newest first.</param>
    internal sealed record ComparisonReport(
        FullRead? LastRead,
        LeadsCompared? LastCompared,
        HeldComparison? HeldBack,
        bool IsComparing,
        DateTimeOffset? Next,
        IReadOnlyList<Guid> Ordered,
        IReadOnlyList<Ended> Ended)
    {
        public static ComparisonReport Of(SyncState state, SchedulerOptions options) => new(
            state.LastFullRead,
            state.LastComparison,
            state.HeldComparison,
            state.Comparison is not null,
            BulkReadPlan.FullComparisonDue(state, options),
            [.. state.ComparisonActions, .. state.Run?.Actions ?? [], .. state.Comparison?.Actions ?? []],
            state.EndedComparisons);
    }
}
