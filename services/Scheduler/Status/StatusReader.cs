using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;

namespace LeadSync.Scheduler.Status;

/// <summary>Reads how the sync is doing; every replica reads the same.</summary>
internal sealed class StatusReader(SyncLog log, LeaderLock leaderLock, Parked parked, SchedulerOptions options, TimeProvider clock)
{
    public async Task<StatusReport> ReadAsync(CancellationToken cancellation)
    {
        var (state, _) = await log.ReadAsync(cancellation);
        var hasLeader = await leaderLock.IsHeldAsync(cancellation);
        return StatusReport.Of(state, options, clock.GetUtcNow(), hasLeader, await parked.Count(cancellation));
    }
}
