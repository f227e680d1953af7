using LeadSync.Scheduler.Alerts;
using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>Reads the state of the sync. Every replica reads the same.</summary>
internal sealed class StatusReader(
    SyncLog log, LeaderLock leaderLock, LeaderRow leader, QueueDepths queues, Parked parked, AlertStore alerts, NpgsqlDataSource database,
    SyncStatus own, SchedulerOptions options, TimeProvider clock)
{
    public async Task<StatusReport> ReadAsync(CancellationToken cancellation)
    {
        var (state, _) = await log.ReadAsync(cancellation);
        var presence = await Presence.ReadAsync(database, cancellation);
        var now = clock.GetUtcNow();
        return StatusReport.Of(state, options, now, new Seen(await leaderLock.IsHeldAsync(cancellation))
        {
            LastTickAt = Planning.Instant.Later(await leader.TickedAtAsync(cancellation), own.TickedAt),
            Services = presence.Services,
            Broker = queues.Unseen,
            Waiting = queues.Waiting(presence),
            LastChange = await LastChange.ReadAsync(database, cancellation),
            Progress = state.Run is { } run ? await PageProgress.ReadAsync(database, run.Id, cancellation) : [],
            Parked = await parked.Count(cancellation),
            CertificateEnds = await CertificateEndsAsync(cancellation),
            AlertTrouble = await alerts.TroubleAsync(cancellation),
        });
    }

    private async Task<DateTimeOffset?> CertificateEndsAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select ends_at from gateway.certificate");
        return await Published.OrNullIfAbsent(() => command.ExecuteScalarAsync(cancellation)) is DateTime ends
            ? new DateTimeOffset(ends) : null;
    }
}
