using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using Marten.Events;

namespace LeadSync.Scheduler.Recording;

internal static class StoredEvents
{
    /// <summary>The events of the stream under the names they are stored with, which must never change.</summary>
    public static void MapStoredEvents(this IEventStoreOptions events)
    {
        events.MapEventType<LeadershipTaken>("leadership_taken");
        events.MapEventType<SyncPaused>("sync_paused");
        events.MapEventType<SyncResumed>("sync_resumed");
        events.MapEventType<CatchUpOrdered>("catch_up_ordered");
        events.MapEventType<FullComparisonOrdered>("full_comparison_ordered");
        events.MapEventType<HeldComparisonReleased>("held_comparison_released");
        events.MapEventType<HeldComparisonDropped>("held_comparison_dropped");

        events.MapEventType<RenewChannelSent>("renew_channel_sent");
        events.MapEventType<ChannelRenewed>("channel_renewed");
        events.MapEventType<ChannelRenewalFailed>("channel_renewal_failed");
        events.MapEventType<CheckChannelSent>("check_channel_sent");
        events.MapEventType<ChannelConfirmed>("channel_confirmed");
        events.MapEventType<ChannelLost>("channel_lost");
        events.MapEventType<ChannelExpired>("channel_expired");
        events.MapEventType<GapDetected>("gap_detected");
        events.MapEventType<GapClosed>("gap_closed");

        events.MapEventType<CreditsCounted>("credits_counted");

        events.MapEventType<BulkRunStarted>("bulk_run_started");
        events.MapEventType<StartBulkReadSent>("start_bulk_read_sent");
        events.MapEventType<BulkJobCreated>("bulk_job_created");
        events.MapEventType<CheckBulkJobSent>("check_bulk_job_sent");
        events.MapEventType<BulkJobCalledBack>("bulk_job_called_back");
        events.MapEventType<BulkPageReady>("bulk_page_ready");
        events.MapEventType<BulkPageProjected>("bulk_page_projected");
        events.MapEventType<BulkPageRejected>("bulk_page_rejected");
        events.MapEventType<BulkJobFailed>("bulk_job_failed");
        events.MapEventType<CompareLeadsSent>("compare_leads_sent");
        events.MapEventType<LeadsCompared>("leads_compared");

        events.MapEventType<RebuildOrdered>("rebuild_ordered");
        events.MapEventType<RebuildViewSent>("rebuild_view_sent");
        events.MapEventType<ViewRebuildProgressed>("view_rebuild_progressed");
        events.MapEventType<ViewRebuilt>("view_rebuilt");
        events.MapEventType<ViewRebuildFailed>("view_rebuild_failed");

        events.MapEventType<CatchUpStarted>("catch_up_started");
        events.MapEventType<CatchUpSent>("catch_up_sent");
        events.MapEventType<CatchUpAdvanced>("catch_up_advanced");
        events.MapEventType<CatchUpPageProjected>("catch_up_page_projected");
        events.MapEventType<CatchUpRead>("catch_up_read");
        events.MapEventType<CatchUpTooLarge>("catch_up_too_large");
        events.MapEventType<CatchUpFailed>("catch_up_failed");
    }
}
