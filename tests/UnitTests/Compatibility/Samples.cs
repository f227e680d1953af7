using LeadSync.Contracts;
using LeadSync.Gateway.Notifications;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler.Planning;

namespace LeadSync.UnitTests.Compatibility;

/// <summary>
/// One sample of each type that crosses versions, with every member set. Its serialized form is the golden file of the same name. A sample
/// never changes: a further sample, for instance <c>GapDetected.2</c>, sets a later member, or shows another form of the same type.
/// </summary>
internal static class Samples
{
    private static readonly Guid Run = Guid.Parse("0195f3c0-8a4e-7c1d-9b1a-2f6f0c2a7b11");

    private const string By = "an operator";
    private const string Reason = "The mapping was mended.";

    private static readonly DateTimeOffset At = new(2026, 8, 20, 10, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Precisely = At.AddTicks(1_234_560);

    private static readonly LeadContent Content = new(At, "f1", new Dictionary<string, string?>
    {
        ["Last_Name"] = "Dœ \"Jo\"\n",
        ["Annual_Revenue"] = "1500.5",
        ["Company"] = null,
    });

    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static readonly LeadChanged Seen = new(
        "5725767000003000064", Source.Notification, Precisely, Content, DeletedAt: null, ReceivedAt: At.AddSeconds(1),
        PublishedAt: At.AddSeconds(2), TraceParent: Trace);

    private static readonly LeadChanged Gone = new("5725767000003000065", Source.CatchUp, At, Content: null, DeletedAt: At.AddMinutes(-3));

    private static readonly LeadsAnnounced Announced = new(
        ["5725767000003000064", "5725767000003000065"], Source.FullComparison, At, Attempt: 2,
        new Dictionary<string, Origin> { ["5725767000003000064"] = new(At.AddSeconds(-1), Trace) });

    /// <summary>Messages between services, and those that a service sends to itself.</summary>
    public static IReadOnlyDictionary<string, object> Messages { get; } = new Dictionary<string, object>
    {
        ["StartBulkRead"] = new StartBulkRead(Run, 2, "token", At),
        ["StartBulkRead.2"] = new StartBulkRead(Run, 2, "token", At, ["75", "76"], At.AddMinutes(10)),
        ["BulkJobCreated"] = new BulkJobCreated(Run, 2, "77", At),
        ["CheckBulkJob"] = new CheckBulkJob(Run, 2, "77"),
        ["CheckBulkJob.2"] = new CheckBulkJob(Run, 2, "77", At.AddMinutes(10)),
        ["BulkJobCalledBack"] = new BulkJobCalledBack("77"),
        ["BulkPageReady"] = new BulkPageReady(Run, 2, "77", At, 200_000, MoreRecords: true, "next", "f1"),
        ["BulkJobFailed"] = new BulkJobFailed(Run, 2, "77", "Zoho failed.", RestartRun: true),
        ["BulkPageProjected"] = new BulkPageProjected(Run, 2, "77", 10, 20, 3),
        ["BulkPageProjected.2"] = new BulkPageProjected(Run, 2, "77", 10, 20, 3, Difference: -4),
        ["BulkPageRejected"] = new BulkPageRejected(Run, 2, "77", "The zip is truncated."),

        ["CatchUp"] = new CatchUp(Run, At, At.AddHours(-1)),
        ["CatchUp.2"] = new CatchUp(Run, At, At.AddHours(-1), At.AddMinutes(10), TimeSpan.FromMinutes(5)),
        ["CatchUpPageReady"] = new CatchUpPageReady(Run, 2, [Seen, Gone]),
        ["CatchUpPageProjected"] = new CatchUpPageProjected(Run, 2),
        ["CatchUpRead"] = new CatchUpRead(Run, At, 2, 180, At.AddMinutes(-4), At.AddMinutes(-3), At.AddMinutes(-2)),
        ["CatchUpRead.2"] = new CatchUpRead(Run, At, 2, 180, AreDeletionsComplete: false),
        ["CatchUpTooLarge"] = new CatchUpTooLarge(Run, At, At.AddMinutes(-3), At.AddMinutes(-2)),
        ["CatchUpFailed"] = new CatchUpFailed(Run, "Zoho answered 503."),
        ["GapDetected"] = new GapDetected("A gateway crashed.", At.AddMinutes(-5), At),
        ["GapDetected.2"] = new GapDetected("Notifications were refused.", At.AddMinutes(-5), At, GapKind.Refused),

        ["RenewChannel"] = new RenewChannel(new TimeSpan(1, 2, 3, 4)),
        ["RenewChannel.2"] = new RenewChannel(new TimeSpan(1, 2, 3, 4), At.AddHours(-14), At.AddMinutes(10)),
        ["ChannelRenewed"] = new ChannelRenewed("1000000068001", At, At.AddDays(1), Reopened: true),
        ["ChannelRenewalFailed"] = new ChannelRenewalFailed("Zoho answered 503."),
        ["CheckChannel"] = new CheckChannel(),
        ["CheckChannel.2"] = new CheckChannel(Listen: true),
        ["CheckChannel.3"] = new CheckChannel(Listen: true, NotAfter: At.AddMinutes(10)),
        ["ChannelConfirmed"] = new ChannelConfirmed(At, At.AddDays(1)),
        ["ChannelConfirmed.2"] = new ChannelConfirmed(At, At.AddDays(1), At.AddMinutes(-5), At.AddMinutes(-9)),
        ["ChannelLost"] = new ChannelLost(At, "Zoho does not list it."),

        ["CreditsCounted"] = new CreditsCounted(9_000_000_000, 10_000_000_000, 1_000, 500, At.AddHours(5), At),

        ["CompareLeads"] = new CompareLeads(Run, At, 0.05),
        ["CompareLeads.2"] = new CompareLeads(Run, At, 0.05, Pages: 7),
        ["LeadsCompared"] = new LeadsCompared(Run, 25_000, 9_000, HeldBack: true),
        ["AnnounceMissing"] = new AnnounceMissing(Run),
        ["LeadsAnnounced"] = Announced,
        ["LeadsAnnounced.2"] = Announced with { Failures = 3 },
        ["LookAgain"] = new LookAgain(Announced, At.AddMinutes(1)),
        ["LookAgainInQuestion"] = new LookAgainInQuestion(new LeadsInQuestion(Announced), At.AddMinutes(1)),

        ["LeadsChanged"] = new LeadsChanged([Seen, Gone]),
        ["LeadsReread"] = new LeadsReread([Seen, Gone]),
        ["LeadChanged"] = Seen,
        ["LeadChanged.gone"] = Gone,

        ["RebuildView"] = new RebuildView(Run, Undo: true, At),
        ["RebuildView.2"] = new RebuildView(Run, Retype: "Annual_Revenue"),
        ["ViewRebuildProgressed"] = new ViewRebuildProgressed(Run, "folding", 5_000_000_000, 6_000_000_000, 57_000.5, At),
        ["ViewRebuilt"] = new ViewRebuilt(Run, "legacy.leads", 25_000, 3, At),
        ["ReplayChanges"] = new ReplayChanges(At),
        ["ForgetLead"] = new ForgetLead("5725767000003000064", "asked by letter", "whoever has the action token", At, UntilSeenAgain: true),
        ["ViewRebuildFailed"] = new ViewRebuildFailed(Run, "Another rebuild is running."),
    };

    /// <summary>The gateway's answer to <c>GET /fields</c>.</summary>
    public static IReadOnlyDictionary<string, LeadFields> Fields { get; } = new Dictionary<string, LeadFields>
    {
        ["LeadFields"] = new("f1",
        [
            new("Last_Name", FieldType.Text), new("Owner", FieldType.Reference), new("Colours", FieldType.Set, ["Red, dark", "Blue"]),
            new("Revenue", FieldType.Numeric),
            new("Employees", FieldType.Integer), new("Opt_Out", FieldType.Boolean), new("Created_Time", FieldType.DateTime),
            new("Birthday", FieldType.Date),
        ]),
        ["LeadFields.2"] = new("f2",
        [
            new("Description", FieldType.Text, Detail: FieldDetail.RichText),
            new(
                "Status", FieldType.Text, Spellings: new Dictionary<string, string?> { ["stored"] = "shown", ["both"] = null },
                Detail: FieldDetail.Picklist),
            new("Territories", FieldType.Set, Detail: FieldDetail.Ids),
        ]),
    };

    /// <summary>Events of the scheduler's stream, by their stored name.</summary>
    public static IReadOnlyDictionary<string, object> SchedulerEvents { get; } = new Dictionary<string, object>
    {
        ["leadership_taken"] = new LeadershipTaken(Precisely),
        ["leadership_taken.2"] = new LeadershipTaken(At, "scheduler-0 1.1.0"),
        ["sync_paused"] = new SyncPaused(At),
        ["sync_paused.2"] = new SyncPaused(At, By, Reason),
        ["sync_resumed"] = new SyncResumed(At),
        ["sync_resumed.2"] = new SyncResumed(At, By, Reason),
        ["catch_up_ordered"] = new CatchUpRequested(At),
        ["catch_up_ordered.2"] = new CatchUpRequested(At, Run, By, Reason),
        ["full_comparison_ordered"] = new FullComparisonRequested(At),
        ["full_comparison_ordered.2"] = new FullComparisonRequested(At, Run, By, Reason),
        ["held_comparison_released"] = new HeldComparisonReleased(Run, At),
        ["held_comparison_released.2"] = new HeldComparisonReleased(Run, At, By, Reason),
        ["held_comparison_dropped"] = new HeldComparisonDropped(Run, At),
        ["held_comparison_dropped.2"] = new HeldComparisonDropped(Run, At, By, Reason),

        ["renew_channel_sent"] = new RenewChannelSent(At.AddHours(-14), At),
        ["channel_renewed"] = Messages["ChannelRenewed"],
        ["channel_renewal_failed"] = Messages["ChannelRenewalFailed"],
        ["check_channel_sent"] = new CheckChannelSent(At),
        ["check_channel_sent.2"] = new CheckChannelSent(At, Listens: true),
        ["channel_confirmed"] = Messages["ChannelConfirmed"],
        ["channel_confirmed.2"] = Messages["ChannelConfirmed.2"],
        ["channel_lost"] = Messages["ChannelLost"],
        ["channel_expired"] = new ChannelExpired(At.AddSeconds(-1), At),
        ["gap_detected"] = Messages["GapDetected"],
        ["gap_detected.2"] = Messages["GapDetected.2"],
        ["gap_closed"] = new GapClosed(Run, At),

        ["credits_counted"] = Messages["CreditsCounted"],

        ["bulk_run_started"] = new BulkRunStarted(Run, BulkPurpose.CatchUp, At.AddHours(-1), 2, At),
        ["start_bulk_read_sent"] = new StartBulkReadSent(Run, 2, At),
        ["bulk_job_created"] = Messages["BulkJobCreated"],
        ["check_bulk_job_sent"] = new CheckBulkJobSent(Run, 2, "77", At),
        ["bulk_job_called_back"] = Messages["BulkJobCalledBack"],
        ["bulk_page_ready"] = Messages["BulkPageReady"],
        ["bulk_page_projected"] = Messages["BulkPageProjected"],
        ["bulk_page_projected.2"] = Messages["BulkPageProjected.2"],
        ["bulk_page_rejected"] = Messages["BulkPageRejected"],
        ["bulk_job_failed"] = Messages["BulkJobFailed"],
        ["compare_leads_sent"] = new CompareLeadsSent(Run, At),
        ["leads_compared"] = Messages["LeadsCompared"],

        ["rebuild_ordered"] = new RebuildRequested(Undo: true, At.AddDays(-1), At),
        ["rebuild_ordered.2"] = new RebuildRequested(Undo: false, At.AddDays(-1), At, By, Reason),
        ["rebuild_ordered.3"] = new RebuildRequested(Undo: false, AsOf: null, At, Retype: "Annual_Revenue"),
        ["rebuild_view_sent"] = new RebuildViewSent(Run, At),
        ["view_rebuild_progressed"] = Messages["ViewRebuildProgressed"],
        ["view_rebuilt"] = Messages["ViewRebuilt"],
        ["view_rebuild_failed"] = Messages["ViewRebuildFailed"],

        ["catch_up_started"] = new CatchUpStarted(Run, At.AddHours(-1), At.AddHours(-2), At),
        ["catch_up_sent"] = new CatchUpSent(Run, At),
        ["catch_up_advanced"] = new CatchUpAdvanced(Run, 2, At),
        ["catch_up_page_projected"] = Messages["CatchUpPageProjected"],
        ["catch_up_read"] = Messages["CatchUpRead"],
        ["catch_up_read.2"] = Messages["CatchUpRead.2"],
        ["catch_up_too_large"] = Messages["CatchUpTooLarge"],
        ["catch_up_failed"] = Messages["CatchUpFailed"],

        ["parked_handled"] = new ParkedHandled("dropped item 17", At, By, Reason),
        ["version_seen"] = new VersionSeen("gateway", "1.1.0", At),
    };

    /// <summary>Events of the leads' streams, by their stored name.</summary>
    public static IReadOnlyDictionary<string, object> LeadEvents { get; } = new Dictionary<string, object>
    {
        ["lead_seen"] = new LeadSeen(
            At, Precisely, Source.BulkPage,
            new Dictionary<string, string?> { ["Last_Name"] = "Dœ \"Jo\"\n", ["Annual_Revenue"] = "1500.5" },
            new Absence(At.AddMinutes(5), At.AddMinutes(4))),
        ["lead_gone"] = new LeadGone(Precisely, Source.FullComparison, At),
        ["lead_seen.2"] = new LeadSeen(
            At, Precisely, Source.Notification, new Dictionary<string, string?> { ["Last_Name"] = "Doe" },
            Newer: new NewerContent(At.AddMinutes(1), new Dictionary<string, string?> { ["Last_Name"] = "Roe" })),
    };
}
