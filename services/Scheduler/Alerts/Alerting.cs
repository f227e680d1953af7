using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults.Shutdown;

namespace LeadSync.Scheduler.Alerts;

/// <summary>
/// Tells people when the sync is not well, also where no Prometheus runs. A message that cannot be sent is retried, and the plan never
/// waits for it. While the database cannot be read, the replica that led last sends alerts from memory.
/// </summary>
internal sealed partial class Alerting(
    StatusWatch watch, StatusGauges status, AlertStore store, AlertSender sender, AlertOptions options, TimeProvider clock,
        ILogger<Alerting> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    // A connection that hangs must not keep people from hearing of it.
    private static readonly TimeSpan Patience = AlertSender.Patience + TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenCleanings = TimeSpan.FromHours(1);

    private readonly List<DueMessage> unsent = [];
    private bool ledLast;
    private bool isFailing;
    private Alert? blind;
    private Alert? unstored;
    private DateTimeOffset cleanedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, clock, stoppingToken);
            try
            {
                await AlertOfUnreadableStatus(watch.Current, stoppingToken);
                if (watch.Current is { Trouble: null, Report: { } report })
                    await Tell(report, stoppingToken).WaitAsync(Patience, clock, stoppingToken);
                isFailing = false;
            }
            catch (Exception e) when (!e.IsRequestedEnd(stoppingToken))
            {
                if (!isFailing)
                    LogFailing(e.GetBaseException().Message);
                isFailing = true;
            }
        }
    }

    private async Task Tell(StatusReport report, CancellationToken ct)
    {
        var leads = status.TickedAt is not null;
        ledLast |= leads;
        await store.Decide(
            known => AlertPlan.Next(known, report.Reasons, options.RemindAfter, report.At), options.Targets,
            step => AlertMessage.Of(step.Alert, step.Tells!.Value, report.At, options.ConsoleUrl), ct);
        // A database that stops ends the leadership before the status is found unreadable. The leader must not forget then that it led.
        ledLast = leads;
        if (unstored is { } over)
        {
            await store.Add(over, ct);
            unstored = null;
        }

        await Task.WhenAll((await store.TakeDue(ct)).Select(async due =>
            await store.Sent(due, await sender.Send(due.Target, due.Message, ct), PauseAfter(due.Attempts), ct)));
        if (report.At - cleanedAt < BetweenCleanings)
            return;

        await store.ForgetOld(ct);
        cleanedAt = report.At;
    }

    private async Task AlertOfUnreadableStatus(StatusReading reading, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (ledLast && reading.Trouble is { } trouble)
            blind ??= new Alert(0, ReasonKind.CannotSee, trouble.Why, trouble.Since);
        if (blind is null && unsent.Count == 0)
            return;

        Alert[] known = blind is null ? [] : [blind];
        var reasons = blind is null || reading.Trouble is null ? [] : reading.Verdict!.Reasons;
        foreach (var step in AlertPlan.Next(known, reasons, options.RemindAfter, now))
        {
            blind = step.Alert.ClosedAt is null ? step.Alert : null;
            // The list of alerts shows it as soon as the database can be written again.
            if (step.Alert is { OpenedAt: not null, ClosedAt: not null })
                unstored = step.Alert;
            if (step.Tells is { } happened)
                unsent.AddRange(options.Targets.Select(target =>
                    new DueMessage(target, AlertMessage.Of(step.Alert, happened, now, options.ConsoleUrl), 0)));
        }

        var sent = await Task.WhenAll(unsent.Select(async due => await sender.Send(due.Target, due.Message, ct) is null));
        for (var index = sent.Length - 1; index >= 0; index--)
        {
            if (sent[index])
                unsent.RemoveAt(index);
        }
    }

    private static TimeSpan PauseAfter(int attempts) => Planning.Backoff.After(attempts, Pause, LongestPause);

    [LoggerMessage(LogLevel.Warning, "The scheduler cannot decide or send alerts: {Why}")]
    private partial void LogFailing(string why);
}
