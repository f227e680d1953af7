using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;

namespace LeadSync.Scheduler.Alerts;

/// <summary>
/// The alerts that the database cannot keep because it cannot be read or written. Each process decides and remembers them by itself. When
/// two processes tell people of the same outage, their messages have the same ids, by which receivers recognize them.
/// </summary>
internal sealed class AlertMemory(AlertOptions options)
{
    // A process that has seen nothing yet has just been started. The leader, if there is one, tells people sooner.
    private static readonly TimeSpan PatienceOfNew = TimeSpan.FromMinutes(1);

    // The process that led last may have died together with the database.
    private static readonly TimeSpan PatienceOfOthers = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestTry = TimeSpan.FromDays(2);

    private readonly List<UnsentMessage> unsent = [];
    private readonly List<Alert> over = [];
    private List<Alert> open = [];
    private string outage = "";
    private volatile string? trouble;

    /// <summary>Why a message could not be sent; null when every message was sent, or has not been tried yet.</summary>
    public string? Trouble => trouble;

    /// <summary>The alerts that are over, to be stored.</summary>
    public IReadOnlyList<Alert> Over => over;

    /// <summary>Whether this process tells people that the database cannot be read or written: the one that led last does.</summary>
    /// <param name="ledUntil">When this process last took a step of the plan; null when it never led.</param>
    public static bool Tells(StatusReading reading, DateTimeOffset? ledUntil, DateTimeOffset now) => reading switch
    {
        { Trouble.Since: var since } when now - since >= PatienceOfOthers => true,
        { Report: null, Trouble: var unreadable } => unreadable is not null && now - unreadable.Since >= PatienceOfNew,
        { Report: { } last } => !last.HasLeader || (ledUntil is { } mine && !(last.LastTickAt > mine)),
    };

    /// <summary>Takes another look.</summary>
    /// <param name="reason">Why the database cannot keep alerts; null when it can.</param>
    /// <param name="since">Since when.</param>
    /// <param name="last">The last status that could be read.</param>
    public void Decide(Reason? reason, DateTimeOffset since, StatusReport? last, DateTimeOffset now)
    {
        if (reason is not null && !open.Exists(alert => alert.IsAbout(reason)))
        {
            if (open.Count == 0)
                outage = last is null ? $"{Guid.NewGuid()}" : $"{last.FirstLedAt?.UtcTicks}/{last.Version}";
            open.Add(new Alert(0, reason.Kind, reason.Text, since));
        }

        List<AlertStep> steps = [.. AlertPlan.Next(open, reason is null ? [] : [reason], options.RemindAfter, now)];
        open = [.. steps.Select(step => step.Alert).Where(alert => alert.ClosedAt is null)];
        over.AddRange(steps.Select(step => step.Alert).Where(alert => alert is { OpenedAt: not null, ClosedAt: not null }));
        foreach (var step in steps.Where(step => step.Tells is not null))
        {
            var message = AlertMessage.Of(step.Alert, step.Tells!.Value, now, options.ConsoleUrl) with { Id = IdOf(step) };
            unsent.AddRange(options.Targets.Select(target => new UnsentMessage(target, message, now)));
        }

        unsent.RemoveAll(one => now - one.Message.At > LongestTry);
        trouble = unsent.Find(one => one.Trouble is not null) is { } failed ? $"{failed.Target}: {failed.Trouble}" : null;
    }

    public IReadOnlyList<UnsentMessage> Due(DateTimeOffset now) => [.. unsent.Where(one => one.NextAt <= now)];

    /// <param name="failure">Why the target did not accept the message; null when it did.</param>
    public void Sent(UnsentMessage message, string? failure, DateTimeOffset now)
    {
        unsent.Remove(message);
        if (failure is not null)
        {
            var attempts = message.Attempts + 1;
            unsent.Add(message with { Attempts = attempts, NextAt = now + Alerting.PauseAfter(attempts), Trouble = failure });
        }
    }

    public void Stored(Alert alert) => over.Remove(alert);

    private Guid IdOf(AlertStep step) => DerivedId.From(
        $"{outage}/{step.Alert.Kind}/{step.Tells}", 0, step.Tells == AlertEvent.StillOpen ? step.Alert.RemindedAt!.Value : default);
}

/// <param name="NextAt">When to try next.</param>
/// <param name="Trouble">Why the last attempt failed; null before the first one.</param>
internal sealed record UnsentMessage(string Target, AlertMessage Message, DateTimeOffset NextAt, int Attempts = 0, string? Trouble = null);
