using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Status;
using LeadSync.Cli.Sync;
using Spectre.Console;

namespace LeadSync.Cli.Orders;

/// <summary>How an order ended.</summary>
internal sealed record Ending(bool IsGood, string Sentence);

/// <summary>Waits for an order to be carried out.</summary>
/// <param name="End">From the status before the order and the status now: how it ended, or null while it has not.</param>
/// <param name="Progress">How far it is.</param>
internal sealed record Waiting(Func<SyncStatus, SyncStatus, Ending?> End, Func<SyncStatus, string> Progress)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(0.5);

    public static Waiting ForCatchUp { get; } = new(
        (before, now) => now switch
        {
            _ when !(now.CatchUp.LastStartedAt > (before.CatchUp.LastStartedAt ?? DateTimeOffset.MinValue)) || now.CatchUp.Id is not null || now.Phase == "catching up" =>
                now.CatchUp.Failures > before.CatchUp.Failures ? new(false, $"The catch-up failed and will be tried again: {now.CatchUp.Trouble}") : null,
            _ => new(true, "Caught up."),
        },
        now => $"Catching up: {now.CatchUp.PagesProjected ?? 0} of {now.CatchUp.Pages?.ToString("N0", null) ?? "?"} pages");

    public static Waiting ForComparison { get; } = new(
        (before, now) => now.FullComparison switch
        {
            { HeldBack: { } held } => new(false, $"Held back: {held.Missing:N0} of {held.Living:N0} leads seem to be gone. `compare release` lets them be removed, `compare drop` forgets it."),
            { LastCompared: { } compared } when compared.RunId != before.FullComparison.LastCompared?.RunId => new(true, $"Compared: {compared.Missing:N0} of {compared.Living:N0} leads were missing in Zoho."),
            _ => null,
        },
        now => now.Run is { } run ? $"Comparing: {run.RowsDone:N0} of {run.Rows:N0} rows" : "Comparing");

    public static Waiting ForRebuild { get; } = new(
        (before, now) => now.Rebuild is not { } rebuild || rebuild.Id == before.Rebuild?.Id
            ? null
            : rebuild.Phase switch
            {
                "done" => new(true, $"Rebuilt {rebuild.RowsDone:N0} leads into {rebuild.Table}; {rebuild.Differences ?? 0:N0} differ from the view before."),
                "failed" => new(false, $"The rebuild failed, and the view is as it was: {rebuild.Trouble}"),
                _ => null,
            },
        now => now.Rebuild is { } rebuild ? $"{rebuild.Phase}: {rebuild.RowsDone:N0} of {rebuild.RowsTotal?.ToString("N0", null) ?? "?"} leads{StatusPicture.Pace(rebuild.RowsPerSecond, rebuild.SecondsLeft)}" : "Ordered");

    /// <exception cref="CommandException">Waiting would have no end.</exception>
    public static async Task<SyncStatus> Before(Invocation invocation, CancellationToken ct)
    {
        var (_, status) = await SyncStatus.Read(invocation.Scheduler, ct);
        return status.Paused
            ? throw new CommandException(ExitCode.No, "The sync is paused: `resume` first, or leave out --wait.")
            : status;
    }

    public async Task<ExitCode> Until(Invocation invocation, SyncStatus before, CancellationToken ct)
    {
        var ending = invocation.Screen.Live is { } console
            ? await console.Status().StartAsync("Ordered", status => Look(invocation, before, now => status.Status(Markup.Escape(Progress(now))), ct))
            : await Look(invocation, before, _ => { }, ct);
        invocation.Screen.Show(new { succeeded = ending.IsGood, ending = ending.Sentence }, ending.Sentence);
        return ending.IsGood ? ExitCode.Ok : ExitCode.No;
    }

    private async Task<Ending> Look(Invocation invocation, SyncStatus before, Action<SyncStatus> show, CancellationToken ct)
    {
        while (true)
        {
            var (_, now) = await SyncStatus.Read(invocation.Scheduler, ct);
            if (End(before, now) is { } ending)
                return ending;

            show(now);
            await Task.Delay(BetweenLooks, invocation.Time, ct);
        }
    }
}
