using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Shutdown;
using MassTransit;
using Npgsql;

namespace LeadSync.Gateway.Notifications;

/// <summary>
/// Records once a second that notifications can be received, in the database and so for all replicas together. Where the record has a
/// hole that no replica bridges with a time in which it received, none could. Where one stops recording without having left, it has crashed.
/// The record only moves on when the gap has been announced.
/// </summary>
internal sealed partial class ReceivingHeartbeat(
    NpgsqlDataSource database,
    IBusControl bus,
    IHostApplicationLifetime lifetime,
    IZoho zoho,
    Receiving receiving,
    ZohoClock clock,
    TimeProvider time,
    ILogger<ReceivingHeartbeat> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Guid replicaId = Guid.NewGuid();
    private DateTimeOffset receivingSince;
    private DateTimeOffset? lastBeat;
    private bool missed;

    private bool IsReceiving =>
        lifetime.ApplicationStarted.IsCancellationRequested
        && !lifetime.ApplicationStopping.IsCancellationRequested
        && bus.CheckHealth().Status == BusHealthStatus.Healthy;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (IsReceiving)
                    await Beat(stoppingToken);
                missed = false;
            }
            catch (Exception e) when (!e.IsEnd(stoppingToken))
            {
                // The hole grows until a beat succeeds, and is announced then.
                if (!missed)
                    Missed(e.GetBaseException().Message);
                missed = true;
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await Leave(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            // Taken for a crash, it is a gap too many, which costs a catch-up.
            Missed(e.GetBaseException().Message);
        }
    }

    private async Task Beat(CancellationToken ct)
    {
        var refusedSince = receiving.TakeRefused();
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            var (lastHeartbeat, firstOfOthers, now) = await Appear(connection, ct);
            // A gap is a stretch of Zoho's time.
            await clock.Ask(zoho, ct);
            if (!(now - lastBeat <= Receiving.LongestPause))
                receivingSince = now;
            lastBeat = now;

            var crashedAt = Receiving.HasCrashed(firstOfOthers, now) ? firstOfOthers : null;
            var toZoho = clock.Offset;
            if (Receiving.Gap(lastHeartbeat + toZoho, receivingSince + toZoho, crashedAt + toZoho, refusedSince, now + toZoho) is { } gap)
                await bus.Publish(gap, ct);
            if (!Receiving.MayBeBridged(lastHeartbeat, receivingSince, now))
                await Record(connection, crashedAt, now, ct);
        }
        catch when (refusedSince is { } since)
        {
            receiving.Refused(since);
            throw;
        }
    }

    private async Task Record(NpgsqlConnection connection, DateTimeOffset? crashedAt, DateTimeOffset now, CancellationToken ct)
    {
        await using var beat = new NpgsqlCommand(
            """
            with crashed as (
                delete from gateway.replica where heartbeat <= $4 and replica_id <> $3
            )
            insert into gateway.receiving as receiving (heartbeat, heard_at) values ($1, coalesce($2, $1))
            on conflict (only_row) do update set
                heartbeat = greatest(receiving.heartbeat, $1), heard_at = greatest(receiving.heard_at, $2)
            """, connection);
        beat.Parameters.AddWithValue(now.ToUniversalTime());
        beat.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = receiving.HeardAt?.UtcDateTime });
        beat.Parameters.AddWithValue(replicaId);
        beat.Parameters.Add(new NpgsqlParameter<DateTime?> { TypedValue = crashedAt?.UtcDateTime });
        await beat.ExecuteNonQueryAsync(ct);
    }

    private async Task Leave(CancellationToken ct)
    {
        await using var leave = database.CreateCommand("delete from gateway.replica where replica_id = $1");
        leave.Parameters.Add(new() { Value = replicaId });
        await leave.ExecuteNonQueryAsync(ct);
    }

    // Something is sent to this replica, and lost when it crashes, before it knows Zoho's time. All in the database's clock: the replicas' may differ.
    private async Task<(DateTimeOffset? LastHeartbeat, DateTimeOffset? FirstOfOthers, DateTimeOffset Now)> Appear(
        NpgsqlConnection connection, CancellationToken ct)
    {
        await using var beat = new NpgsqlCommand(
            """
            with mine as (
                insert into gateway.replica (replica_id, heartbeat) values ($1, clock_timestamp())
                on conflict (replica_id) do update set heartbeat = excluded.heartbeat
                returning heartbeat
            )
            select (select heartbeat from gateway.receiving), (select min(heartbeat) from gateway.replica where replica_id <> $1), heartbeat from mine
            """, connection);
        beat.Parameters.AddWithValue(replicaId);
        await using var row = await beat.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (Instant(row, 0), Instant(row, 1), Instant(row, 2)!.Value);
    }

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "Receiving could not be recorded; what is missed meanwhile is caught up later: {Reason}")]
    private partial void Missed(string reason);
}
