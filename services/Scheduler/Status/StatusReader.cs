using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>Reads how the sync is doing; every replica reads the same.</summary>
internal sealed class StatusReader(
    SyncLog log, LeaderLock leaderLock, Parked parked, NpgsqlDataSource database, SchedulerOptions options, TimeProvider clock)
{
    public async Task<StatusReport> ReadAsync(CancellationToken cancellation)
    {
        var (state, _) = await log.ReadAsync(cancellation);
        var hasLeader = await leaderLock.IsHeldAsync(cancellation);
        var lastChange = await LastChange.ReadAsync(database, cancellation);
        var progress = state.Run is { } run ? await PageProgress.ReadAsync(database, run.Id, cancellation) : [];
        return StatusReport.Of(state, options, clock.GetUtcNow(), hasLeader, await parked.Count(cancellation), lastChange, progress);
    }
}
