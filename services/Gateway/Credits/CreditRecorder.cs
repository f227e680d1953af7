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
    private CreditStatement? shared;

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

    /// <summary>Records the credits that this replica has spent, and what Zoho last said to it.</summary>
    /// <returns>The same for all replicas together.</returns>
    public async Task<CreditsCounted> Record(CancellationToken ct)
    {
        var (spent, said) = (count.Take(), count.Said);
        try
        {
            // An hour leaves the window when its last call is a day old. Of all replicas' statements the last counts. Only its age crosses
            // from one machine to another, because their clocks differ.
            await using var command = database.CreateCommand("""
                with forgotten as (delete from gateway.credits where hour <= now() - interval '25 hours'),
                spent as (
                    insert into gateway.credits as credits (hour, used) select date_trunc('hour', now()), $1 where $1 > 0
                    on conflict (hour) do update set used = credits.used + excluded.used
                ),
                news as (
                    insert into gateway.credits_said as said (remaining, said_at) select $2, now() - $3 where $3 is not null
                    on conflict (only_row) do update set remaining = excluded.remaining, said_at = excluded.said_at
                    where said.said_at < excluded.said_at
                    returning remaining, said_at
                )
                select coalesce(sum(used), 0)::bigint + $1,
                    coalesce(min(hour), case when $1 > 0 then date_trunc('hour', now()) end) + interval '25 hours', now(),
                    said.remaining, now() - said.said_at
                from (select) one
                left join gateway.credits on hour > now() - interval '25 hours' and used > 0
                left join lateral (
                    select * from news union all select remaining, said_at from gateway.credits_said order by said_at desc limit 1
                ) said on true
                group by said.remaining, said.said_at
                """).With(
                spent, new NpgsqlParameter<long?> { TypedValue = said?.Remaining },
                new NpgsqlParameter<TimeSpan?> { TypedValue = said == shared ? null : clock.GetUtcNow() - said?.At });
            await using var row = await command.ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            var used = row.GetInt64(0);
            count.Recorded(used);
            if (row.GetValue(4) is TimeSpan age)
                count.Heard(shared = new(row.GetValue(3) as long?, clock.GetUtcNow() - age), said);
            return new CreditsCounted(
                used, options.DailyCredits, options.CreditReserve, count.Said?.Remaining,
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
