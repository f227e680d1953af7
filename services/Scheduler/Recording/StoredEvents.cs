using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using Marten.Events;

namespace LeadSync.Scheduler.Recording;

internal static class StoredEvents
{
    /// <summary>The stream's events by the names under which they are stored. A name never changes.</summary>
    public static IReadOnlyDictionary<string, Type> Types { get; } = new Dictionary<string, Type>
    {
        ["leadership_taken"] = typeof(LeadershipTaken),
        ["sync_paused"] = typeof(SyncPaused),
        ["sync_resumed"] = typeof(SyncResumed),
        ["catch_up_ordered"] = typeof(CatchUpRequested),
        ["full_comparison_ordered"] = typeof(FullComparisonRequested),
        ["held_comparison_released"] = typeof(HeldComparisonReleased),
        ["held_comparison_dropped"] = typeof(HeldComparisonDropped),

        ["renew_channel_sent"] = typeof(RenewChannelSent),
        ["channel_renewed"] = typeof(ChannelRenewed),
        ["channel_renewal_failed"] = typeof(ChannelRenewalFailed),
        ["check_channel_sent"] = typeof(CheckChannelSent),
        ["channel_confirmed"] = typeof(ChannelConfirmed),
        ["channel_lost"] = typeof(ChannelLost),
        ["channel_expired"] = typeof(ChannelExpired),
        ["gap_detected"] = typeof(GapDetected),
        ["gap_closed"] = typeof(GapClosed),

        ["credits_counted"] = typeof(CreditsCounted),

        ["bulk_run_started"] = typeof(BulkRunStarted),
        ["start_bulk_read_sent"] = typeof(StartBulkReadSent),
        ["bulk_job_created"] = typeof(BulkJobCreated),
        ["check_bulk_job_sent"] = typeof(CheckBulkJobSent),
        ["bulk_job_called_back"] = typeof(BulkJobCalledBack),
        ["bulk_page_ready"] = typeof(BulkPageReady),
        ["bulk_page_projected"] = typeof(BulkPageProjected),
        ["bulk_page_rejected"] = typeof(BulkPageRejected),
        ["bulk_job_failed"] = typeof(BulkJobFailed),
        ["compare_leads_sent"] = typeof(CompareLeadsSent),
        ["leads_compared"] = typeof(LeadsCompared),

        ["rebuild_ordered"] = typeof(RebuildRequested),
        ["rebuild_view_sent"] = typeof(RebuildViewSent),
        ["view_rebuild_progressed"] = typeof(ViewRebuildProgressed),
        ["view_rebuilt"] = typeof(ViewRebuilt),
        ["view_rebuild_failed"] = typeof(ViewRebuildFailed),

        ["catch_up_started"] = typeof(CatchUpStarted),
        ["catch_up_sent"] = typeof(CatchUpSent),
        ["catch_up_advanced"] = typeof(CatchUpAdvanced),
        ["catch_up_page_projected"] = typeof(CatchUpPageProjected),
        ["catch_up_read"] = typeof(CatchUpRead),
        ["catch_up_too_large"] = typeof(CatchUpTooLarge),
        ["catch_up_failed"] = typeof(CatchUpFailed),

        ["parked_handled"] = typeof(ParkedHandled),
        ["version_seen"] = typeof(VersionSeen),
    };

    public static void MapStoredEvents(this IEventStoreOptions events)
    {
        foreach (var (name, type) in Types)
            events.MapEventType(type, name);
    }
}
