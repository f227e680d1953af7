using System.CommandLine;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Sync;
using LeadSync.ServiceDefaults;
using Spectre.Console;

namespace LeadSync.Cli.Status;

/// <summary><c>status</c>: exits with 0 only when the view shows what Zoho holds, by the scheduler's verdict.</summary>
internal sealed class StatusCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Option<bool> watch = new("--watch", "-w") { Description = "refresh until Ctrl-C" };
    private readonly Option<bool> wait = new("--wait") { Description = "wait until the view is in sync" };
    private readonly Option<TimeSpan> timeout = Polling.Timeout(TimeSpan.FromHours(1));

    public Command Create() => new ExampledCommand(
        "status", "Show whether the view is in sync, and why not. Exit code 0 when it is in sync, 1 when it is not, or not within "
            + "--timeout.",
        "leadsync status", "leadsync status --watch", "leadsync status --wait --timeout 10m && run-the-report",
            "leadsync status --json | jq .reasons")
    {
        watch, wait, timeout,
    }.Does(Run);

    private async Task<ExitCode> Run(Invocation invocation, CancellationToken ct)
    {
        var (watches, waits) = (invocation.Value(watch), invocation.Value(wait));
        if (!watches && !waits)
        {
            var (json, status) = await SyncStatus.Read(invocation.Scheduler, ct);
            invocation.Output.Show(json, () => StatusPicture.Of(status, invocation.Scheduler.Address));
            return Code(status);
        }

        var troubles = new ChangedLines(invocation.Output);
        return invocation.Output.Live is { } console
            ? await console.Live(new Text("")).StartAsync(live => Follow(
                invocation, waits, (_, status) => live.UpdateTarget(StatusPicture.Of(status, invocation.Scheduler.Address)), why =>
                    live.UpdateTarget(new Text(why)), ct))
            : await Follow(invocation, waits, Lines(invocation, troubles), troubles.Tell, ct);
    }

    private async Task<ExitCode> Follow(
        Invocation invocation, bool waits, Action<JsonElement, SyncStatus> show, Action<string> tell, CancellationToken ct)
    {
        var most = waits ? invocation.Value(timeout) : default(TimeSpan?);
        SyncStatus? last = null;
        var inSync = await Polling.Until(
            async looking =>
            {
                (var json, last) = await SyncStatus.Read(invocation.Scheduler, looking);
                show(json, last);
                return waits && last.InSync is true ? last : null;
            },
            tell, BetweenLooks, most, invocation.Time, wasReached: false, ct);
        return inSync is not null
            ? ExitCode.Ok
            : throw new CommandException(ExitCode.No, $"After {InWords.Span(most!.Value)} the view is not in sync. {last?.Sentence.Text}");
    }

    /// <summary>Writes a line whenever the situation has changed, or can be seen again. With JSON, writes a line at each poll.</summary>
    private static Action<JsonElement, SyncStatus> Lines(Invocation invocation, ChangedLines troubles)
    {
        var last = (Phase: "", Tone: "", RowsDone: default(int?), Reasons: "");
        return (json, status) =>
        {
            var situation = (status.Phase, status.Sentence.Tone, status.Run?.RowsDone,
                string.Join(' ', (status.Reasons ?? []).Select(reason => reason.Kind)));
            if (invocation.Output.WritesJson || situation != last || troubles.HasTold)
                invocation.Output.Line(json, () => $"{TimeText.Instant(status.At)}  {status.Sentence.Text}");
            last = situation;
            troubles.BeginAgain();
        };
    }

    private static ExitCode Code(SyncStatus status) => status.InSync is true ? ExitCode.Ok : ExitCode.No;
}
