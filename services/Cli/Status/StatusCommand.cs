using System.CommandLine;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Sync;
using Spectre.Console;

namespace LeadSync.Cli.Status;

/// <summary><c>status</c>: 0 only when the view shows what Zoho holds.</summary>
internal sealed class StatusCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly Option<bool> watch = new("--watch", "-w") { Description = "keep looking, until Ctrl-C" };
    private readonly Option<bool> wait = new("--wait") { Description = "keep looking until it is in sync" };

    public Command Create() => new ExampledCommand(
        "status", "Show how the sync is doing. Exit code 0 when it is in sync, 1 when it is not.",
        "leadsync status", "leadsync status --watch", "leadsync status --wait && run-the-report", "leadsync status --json | jq .gaps.open")
    {
        watch, wait,
    }.Does(Run);

    private async Task<ExitCode> Run(Invocation invocation, CancellationToken ct)
    {
        var (watches, waits) = (invocation.Value(watch), invocation.Value(wait));
        if (!watches && !waits)
        {
            var (json, status) = await SyncStatus.Read(invocation.Scheduler, ct);
            invocation.Screen.Show(json, () => StatusPicture.Of(status));
            return Code(status);
        }

        return invocation.Screen.Live is { } console
            ? await console.Live(new Text("")).StartAsync(live => Follow(invocation, waits, (_, status) => live.UpdateTarget(StatusPicture.Of(status)), ct))
            : await Follow(invocation, waits, Lines(invocation), ct);
    }

    private static async Task<ExitCode> Follow(Invocation invocation, bool waits, Action<JsonElement, SyncStatus> show, CancellationToken ct)
    {
        while (true)
        {
            var (json, status) = await SyncStatus.Read(invocation.Scheduler, ct);
            show(json, status);
            if (waits && status.IsInSync)
                return ExitCode.Ok;

            await Task.Delay(BetweenLooks, invocation.Time, ct);
        }
    }

    /// <summary>A line whenever the situation is another than the one before; of JSON, a line at each look.</summary>
    private static Action<JsonElement, SyncStatus> Lines(Invocation invocation)
    {
        var last = (Phase: "", Tone: "", RowsDone: default(int?));
        return (json, status) =>
        {
            var situation = (status.Phase, status.Sentence.Tone, status.Run?.RowsDone);
            if (invocation.Screen.WritesJson || situation != last)
                invocation.Screen.Line(json, () => $"{Times.Instant(status.At)}  {status.Sentence.Text}");
            last = situation;
        };
    }

    private static ExitCode Code(SyncStatus status) => status.IsInSync ? ExitCode.Ok : ExitCode.No;
}
