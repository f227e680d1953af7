using LeadSync.Projector.EventTables;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Shutdown;
using Medallion.Threading.Postgres;
using Npgsql;

namespace LeadSync.Projector.Privacy;

/// <summary>
/// Once an hour, removes forgotten persons from what was written after the command to forget them, and forgets the contents of leads that
/// were deleted longer ago than <c>Privacy__MaskDeletedAfterDays</c>: up to 500, so that the load stays small. A lead that Zoho shows
/// again comes back.
/// </summary>
internal sealed partial class Retention(
    NpgsqlDataSource database, Forgetting forgetting, RetentionOptions options, Module module, TimeProvider clock, ILogger<Retention> log)
    : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(5);

    private readonly PostgresDistributedLock alone = new(new PostgresAdvisoryLockKey("leadsync.retention", allowHashing: true), database);

    private readonly string due = $"""
        select l.id, l.last_gone from {module.Registers} l
        where not {RecordedEvents.Alive("l")} and l.deleted_at < $1
            and not exists (
                select from {module.Schema}.forgotten f
                where f.id = l.id and f.seen_again_at is null and (f.forgotten_at is not null or not f.until_seen_again))
        order by l.deleted_at limit {AtOnce}
        """;

    /// <returns>The number of forgotten leads.</returns>
    public async Task<int> Run(CancellationToken ct)
    {
        if (options.DeletedForDays is not { } days)
            return 0;

        var leads = new List<(string Id, DateTime GoneAt)>();
        await using (var command = database.CreateCommand(due).With(clock.GetUtcNow().AddDays(-days)))
        {
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                leads.Add((row.GetString(0), row.GetDateTime(1)));
        }

        var count = 0;
        foreach (var (id, goneAt) in leads)
            count += await forgetting.ForgetDeleted(id, $"deleted for more than {days} days", goneAt, ct) ? 1 : 0;
        return count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var pause = FirstPause; ; pause = Interval)
        {
            await Task.Delay(pause, clock, stoppingToken);
            try
            {
                await using var held = await alone.TryAcquireAsync(TimeSpan.Zero, stoppingToken);
                if (held is null)
                    continue;

                if (await forgetting.Sweep(stoppingToken) is var dropped and > 0)
                    Dropped(dropped);
                if (await Run(stoppingToken) is var count and > 0)
                    Masked(count);
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                NotMasked(e.GetType().Name);
            }
        }
    }

    [LoggerMessage(
        LogLevel.Information, "The projector forgot the contents of {Count} leads that were deleted longer ago than they are kept")]
    private partial void Masked(int count);

    [LoggerMessage(LogLevel.Information, "The projector dropped {Count} parked items that named forgotten leads")]
    private partial void Dropped(int count);

    [LoggerMessage(LogLevel.Warning, "The projector could not forget the contents of deleted leads, and tries again in an hour: {Failure}")]
    private partial void NotMasked(string failure);
}
