using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Status;
using LeadSync.Cli.Sync;
using LeadSync.ServiceDefaults;
using Spectre.Console;

namespace LeadSync.Cli.Actions;

/// <summary>The end of an action.</summary>
internal sealed record ActionEnd(bool IsGood, string Sentence);

/// <summary>Polling until an action has ended, by the id that the scheduler gave it.</summary>
/// <param name="End">Returns from the action's id and the status how it ended, or null while it has not.</param>
/// <param name="Progress">Describes the progress.</param>
internal sealed record ActionWait(Func<Guid, SyncStatus, ActionEnd?> End, Func<SyncStatus, string> Progress)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(0.5);

    private static readonly string[] Obstacles = ["noLeader", "leaderHangs", "serviceDown", "brokerDown"];

    public static ActionWait ForCatchUp { get; } = new(
        (id, now) => Find(id, now.CatchUp.Ended, now.CatchUp.Ordered) switch
        {
            (_, true) => null,
            ({ Outcome: "completed" }, _) => new(true, "Caught up."),
            ({ } failed, _) => new(false, $"The catch-up failed and will be tried again: {failed.Trouble}"),
            _ => Forgotten,
        },
        now => now.CatchUp.Id is null ? Before(now, "The catch-up has not begun")
            : $"Catching up: {now.CatchUp.PagesProjected ?? 0} of {now.CatchUp.Pages?.ToString("N0", null) ?? "?"} pages");

    public static ActionWait ForComparison { get; } = new(
        (id, now) => Find(id, now.FullComparison.Ended, now.FullComparison.Ordered) switch
        {
            (_, true) => null,
            ({ Outcome: "completed" } compared, _) => new(true, Compared(compared.Id, now.FullComparison.LastCompared)),
            ({ Outcome: "heldBack" }, _) when now.FullComparison.HeldBack is { } held => new(false,
                $"Held back: {held.Missing:N0} of {held.Living:N0} leads seem to be gone. `compare held` lists them, `compare release` "
                    + "lets them be removed, `compare drop` forgets it."),
            ({ } other, _) => new(false, other.Trouble ?? "It was held back."),
            _ => Forgotten,
        },
        now => HasBegun(now) ? $"Comparing: {Rows(now.Run)}" : Before(now, "The comparison has not begun"));

    public static ActionWait ForRebuild { get; } = new(
        (id, now) => now.Rebuild is not { } rebuild || rebuild.Id != id
            ? Forgotten
            : rebuild.Outcome switch
            {
                "completed" when rebuild.Undo => new(true, "The view before the last rebuild is back."),
                "completed" when rebuild.AsOf is { } moment =>
                    new(true, $"The table {rebuild.Table} holds the view as of {TimeText.Instant(moment)}."),
                "completed" => new(true, $"Rebuilt {rebuild.RowsDone:N0} leads into {rebuild.Table}; {rebuild.Differences ?? 0:N0} differ "
                    + "from the view before."),
                "failed" => new(false, $"The rebuild failed, and the view is unchanged: {rebuild.Trouble}"),
                _ => null,
            },
        now => now.Rebuild is { } rebuild
            ? $"{rebuild.Phase}: {rebuild.RowsDone:N0} of {rebuild.RowsTotal?.ToString("N0", null) ?? "?"} leads"
                + $"{StatusPicture.Pace(rebuild.RowsPerSecond, rebuild.SecondsLeft)}" : "Requested");

    private static ActionEnd Forgotten { get; } =
        new(false, "The scheduler no longer knows this action: its database was replaced, or many others have run since.");

    /// <summary>Starts the action and waits for its end.</summary>
    /// <param name="timeout">The most time for both together.</param>
    public async Task<ExitCode> Until(Invocation invocation, string path, TimeSpan timeout, CancellationToken ct)
    {
        var started = invocation.Time.GetTimestamp();
        var action = await Polling.Within(timeout, asking => invocation.Scheduler.Post(path, asking), invocation.Time, ct);
        if (action.Id is not { } id)
            throw new CommandException(ExitCode.Unreachable,
                $"The scheduler at {invocation.Scheduler.Address} returns no id to wait for: it is older than this command.");

        var ending = invocation.Output.Live is { } console
            ? await console.Status().StartAsync("Requested", status =>
                Look(invocation, id, started, timeout, text => status.Status(Markup.Escape(text)), ct))
            : await Look(invocation, id, started, timeout, new ChangedLines(invocation.Output).Tell, ct);
        invocation.Output.Show(new { id, succeeded = ending.IsGood, ending = ending.Sentence }, ending.Sentence);
        return ending.IsGood ? ExitCode.Ok : ExitCode.No;
    }

    private async Task<ActionEnd> Look(
        Invocation invocation, Guid id, long started, TimeSpan timeout, Action<string> show, CancellationToken ct)
    {
        var last = "";
        var left = timeout - invocation.Time.GetElapsedTime(started);
        return await Polling.Until(
            async looking =>
            {
                var (_, now) = await SyncStatus.Read(invocation.Scheduler, looking);
                if (End(id, now) is { } ending)
                    return ending;

                show(last = $"{Progress(now).TrimEnd('.')}.{Obstacle(now)}");
                return null;
            },
            show, BetweenLooks, left > TimeSpan.Zero ? left : TimeSpan.Zero, invocation.Time, wasReached: true, ct)
            ?? new(false, $"After {InWords.Span(timeout)} it has not ended. {last}");
    }

    private static (SyncStatus.EndedPart? Ended, bool IsOpen) Find(
        Guid id, IReadOnlyList<SyncStatus.EndedPart> ended, IReadOnlyList<Guid> ordered) =>
        (ended.FirstOrDefault(one => one.Orders.Contains(id)), ordered.Contains(id));

    /// <summary>Why the scheduler carries out no action; empty when it does.</summary>
    private static string Obstacle(SyncStatus now) => now.Reasons?.FirstOrDefault(reason => Obstacles.Contains(reason.Kind)) is { } obstacle
        ? $" {obstacle.Text}" : "";

    private static string Before(SyncStatus now, string what) => now switch
    {
        { Paused: true } => $"{what}: the sync is paused.",
        { FullComparison.LastRead: null } => $"{what}: the first read of every lead comes first.",
        { Credits.Postponed: { Count: > 0 }, Credits.ResetsAt: { } resets } =>
            $"{what}: it waits for API credits, the first at {TimeText.Instant(resets)}.",
        { Credits.Postponed.Count: > 0 } => $"{what}: it waits for API credits.",
        { Run: not null } => $"{what}: another bulk read is under way.",
        _ => $"{what}.",
    };

    // A comparison that somebody asked for is due at once, until it begins. Another bulk read may be under way before that.
    private static bool HasBegun(SyncStatus now) =>
        now.FullComparison is { LastRead: not null, Next: { } next } && next > DateTimeOffset.MinValue;

    private static string Rows(SyncStatus.RunPart? run) => run switch
    {
        null => "every lead is read",
        { Rows: 0 } => "Zoho is preparing the first page",
        _ => $"{run.RowsDone:N0} of {run.Rows:N0} rows",
    };

    private static string Compared(Guid run, SyncStatus.ComparedPart? compared) => compared?.RunId == run
        ? $"Compared: {compared.Missing:N0} of {compared.Living:N0} leads were missing in Zoho."
        : "Compared.";
}
