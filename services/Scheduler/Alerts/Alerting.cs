using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults.Shutdown;

namespace LeadSync.Scheduler.Alerts;

/// <summary>
/// Tells people when the sync is not well, also where no Prometheus runs. A message that cannot be sent is retried, and the plan never
/// waits for it. While the database cannot be read or written, <see cref="AlertMemory"/> takes its place.
/// </summary>
internal sealed partial class Alerting(
    StatusWatch watch, StatusGauges status, AlertStore store, AlertMemory memory, AlertSender sender, AlertOptions options,
        TimeProvider clock, ILogger<Alerting> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    // A connection that hangs must not keep people from hearing of it.
    private static readonly TimeSpan Patience = AlertSender.Patience + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenCleanings = TimeSpan.FromHours(1);

    private Outage? failing;
    private DateTimeOffset cleanedAt;

    /// <summary>The pause before the next attempt to send a message.</summary>
    public static TimeSpan PauseAfter(int attempts) => Backoff.After(attempts, Pause, LongestPause);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            try
            {
                await TellFromMemory(watch.Current, stoppingToken);
                if (watch.Current is not { Trouble: null, Report: { } report })
                    continue;

                await Tell(report, stoppingToken).WaitAsync(Patience, clock, stoppingToken);
                failing = null;
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                var why = e.GetBaseException().Message;
                if (failing is null)
                    LogFailing(why);
                failing = new Outage(failing?.Since ?? clock.GetUtcNow(), why);
            }
        }
    }

    private async Task Tell(StatusReport report, CancellationToken ct)
    {
        await store.Decide(
            known => AlertPlan.Next(known, report.Reasons, options.RemindAfter, report.At), options.Targets,
            step => AlertMessage.Of(step.Alert, step.Tells!.Value, report.At, options.ConsoleUrl), ct);
        while (memory.Over is [var over, ..])
        {
            await store.Add(over, ct);
            memory.Stored(over);
        }

        await Task.WhenAll((await store.TakeDue(options.Targets, ct)).Select(async due =>
            await store.Sent(due, await sender.Send(due.Target, due.Message, ct), PauseAfter(due.Attempts), ct)));
        if (report.At - cleanedAt < BetweenCleanings)
            return;

        await store.ForgetOld(options.Targets, ct);
        cleanedAt = report.At;
    }

    private async Task TellFromMemory(StatusReading reading, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // A database that cannot be read is another alert.
        if (reading.Trouble is not null)
            failing = null;
        var outage = AlertMemory.Tells(reading, status.LedUntil, now) ? reading.Trouble ?? failing : null;
        var reason = outage is null ? null : reading.Trouble is null ? Verdict.Unwritable(outage, now) : reading.Verdict!.Reasons[0];
        memory.Decide(reason, outage?.Since ?? now, reading.Report, now);
        var due = memory.Due(now);
        var answers = await Task.WhenAll(due.Select(one => sender.Send(one.Target, one.Message, ct)));
        foreach (var (message, trouble) in due.Zip(answers))
            memory.Sent(message, trouble, now);
    }

    [LoggerMessage(LogLevel.Warning, "The scheduler cannot decide or send alerts: {Why}")]
    private partial void LogFailing(string why);
}
