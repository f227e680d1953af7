using LeadSync.Scheduler.Alerts;
using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>Reads the state of the sync. Every replica reads the same state.</summary>
internal sealed class StatusReader(
    SyncLog log, LeaderLock leaderLock, LeaderRow leader, QueueDepths queues, Parked parked, AlertStore alerts, NpgsqlDataSource database,
    SyncStatus own, SchedulerOptions options, TimeProvider clock)
{
    public async Task<StatusReport> Read(CancellationToken cancellation)
    {
        var (state, _) = await log.Read(cancellation);
        var presence = await Presence.Read(database, cancellation);
        var now = clock.GetUtcNow();
        return StatusReport.Of(state, options, now, new StatusInputs(await leaderLock.IsHeld(cancellation))
        {
            LastTickAt = Planning.Instant.Later(await leader.TickedAt(cancellation), own.TickedAt),
            Services = presence.Services,
            Broker = queues.Outage,
            ReceivedAt = now - await SinceReceiving(cancellation),
            Waiting = queues.Waiting(presence),
            Rereads = queues.Rereads(),
            LastChange = await LastChange.Read(database, cancellation),
            Progress = state.Run is { } run ? await PageProgress.Read(database, run.Id, cancellation) : [],
            Parked = await parked.Count(cancellation),
            CertificateEnds = await CertificateEnds(cancellation),
            AlertTrouble = await alerts.Trouble(cancellation),
        });
    }

    // The gateways write the heartbeat by the database's clock, so the same clock measures the time since then.
    private async Task<TimeSpan?> SinceReceiving(CancellationToken cancellation) =>
        await Value("select clock_timestamp() - heartbeat from gateway.receiving", cancellation) as TimeSpan?;

    private async Task<DateTimeOffset?> CertificateEnds(CancellationToken cancellation) =>
        await Value("select ends_at from gateway.certificate", cancellation) is DateTime ends ? new DateTimeOffset(ends) : null;

    private async Task<object?> Value(string sql, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        return await PublishedTables.ReadIfExists(() => command.ExecuteScalarAsync(cancellation));
    }
}
