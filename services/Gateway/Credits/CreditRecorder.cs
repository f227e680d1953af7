using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Shutdown;
using Npgsql;

namespace LeadSync.Gateway.Credits;

/// <summary>Adds this replica's spent credits to those of all replicas every few seconds, and tells the scheduler when it
/// matters.</summary>
internal sealed partial class CreditRecorder(
    NpgsqlDataSource database, CreditCount count, ZohoOptions options, Publish publish, TimeProvider clock, ILogger<CreditRecorder> log)
        : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private CreditsCounted? told;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Try(() => Record(cancellationToken), CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Try(async () =>
            {
                var counted = await Record(stoppingToken);
                if (!CreditNews.IsWorthPublishing(told, counted))
                    return;

                await publish(counted, stoppingToken);
                told = counted;
            }, stoppingToken);
        }
    }

    private async Task Try(Func<Task> record, CancellationToken ct)
    {
        try
        {
            await record();
        }
        catch (Exception e) when (!e.IsRequestedEnd(ct))
        {
            NotRecorded(e.GetBaseException().Message);
        }
    }

    private async Task<CreditsCounted> Record(CancellationToken ct)
    {
        var spent = count.Take();
        try
        {
            // An hour leaves the window when its last call is a day old.
            await using var command = database.CreateCommand("""
                with forgotten as (delete from gateway.credits where hour <= now() - interval '25 hours'),
                spent as (
                    insert into gateway.credits as credits (hour, used) select date_trunc('hour', now()), $1 where $1 > 0
                    on conflict (hour) do update set used = credits.used + excluded.used
                )
                select coalesce(sum(used), 0)::bigint + $1, 
                    coalesce(min(hour), case when $1 > 0 then date_trunc('hour', now()) end) + interval '25 hours', now()
                from gateway.credits where hour > now() - interval '25 hours' and used > 0
                """).With(spent);
            await using var row = await command.ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            var used = row.GetInt64(0);
            count.Recorded(used);
            return new CreditsCounted(
                used, options.DailyCredits, options.CreditReserve, count.Remaining,
                row.GetValue(1) is DateTime at ? at : null, row.GetDateTime(2));
        }
        catch
        {
            count.PutBack(spent);
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The spent API credits could not be recorded, and are kept for the next attempt: {Reason}")]
    private partial void NotRecorded(string reason);
}
