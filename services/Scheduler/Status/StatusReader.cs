using LeadSync.Scheduler.Alerts;
using LeadSync.Scheduler.Parking;
using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using Npgsql;

namespace LeadSync.Scheduler.Status;

/// <summary>Reads the state of the sync. Every replica reads the same state.</summary>
internal sealed class StatusReader(
    SyncLog log, LeaderLock leaderLock, LeaderRow leader, QueueDepths queues, Parked parked, AlertStore alerts, AlertMemory memory,
    NpgsqlDataSource database, StatusGauges own, SchedulerOptions options, TimeProvider clock)
{
    public async Task<StatusReport> Read(CancellationToken ct)
    {
        var (state, version) = await log.Read(ct);
        var presence = await Presence.Read(database, ct);
        var now = clock.GetUtcNow();
        var report = StatusReport.Of(state, options, now, new StatusInputs(await leaderLock.IsHeld(ct))
        {
            LastTickAt = Planning.Moments.Later(await leader.TickedAt(ct), own.TickedAt),
            Services = presence.Services,
            Broker = queues.Outage,
            Database = own.Unwritable,
            ReceivedAt = now - await SinceReceiving(ct),
            Waiting = queues.Waiting(presence),
            Rereads = queues.Rereads(),
            LastChange = await LastChange.Read(database, ct),
            Progress = state.Run is { } run ? await PageProgress.Read(database, run.Id, ct) : [],
            Parked = await parked.Count(ct),
            CertificateEnds = await CertificateEnds(ct),
            AlertTrouble = memory.Trouble ?? await alerts.Trouble(ct),
        });
        return report with { Version = version };
    }

    // The gateways write the heartbeat by the database's clock, so the same clock measures the time since then.
    private async Task<TimeSpan?> SinceReceiving(CancellationToken ct) =>
        await Value("select clock_timestamp() - heartbeat from gateway.receiving", ct) as TimeSpan?;

    private async Task<DateTimeOffset?> CertificateEnds(CancellationToken ct) =>
        await Value("select ends_at from gateway.certificate", ct) is DateTime ends ? new DateTimeOffset(ends) : null;

    private async Task<object?> Value(string sql, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        return await PublishedTables.ReadIfExists(() => command.ExecuteScalarAsync(ct));
    }
}
