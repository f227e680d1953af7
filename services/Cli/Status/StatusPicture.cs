using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Sync;
using LeadSync.ServiceDefaults;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.Cli.Status;

/// <summary>The status for a person: the sentence first, then its details.</summary>
internal static class StatusPicture
{
    private const int BarWidth = 30;

    /// <param name="scheduler">The scheduler's address, which also serves the runbooks.</param>
    public static IRenderable Of(SyncStatus status, Uri scheduler)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn();
        foreach (var (name, text) in Lines(status, status.At))
            grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(text));

        var color = status.Sentence.Tone switch { "good" => Color.Green, "bad" => Color.Red, _ => Color.Yellow };
        var reasons = (status.Reasons ?? []).Select(reason =>
            new Text($"  {(reason.Text == status.Sentence.Text ? "" : $"{reason.Text} ")}What to do: {new Uri(scheduler, reason.Help)}",
                new Style(Color.Grey)));
        return new Rows([new Text(status.Sentence.Text, new Style(color, decoration: Decoration.Bold)), .. reasons, grid]);
    }

    private static IEnumerable<(string Name, string Text)> Lines(SyncStatus status, DateTimeOffset now)
    {
        yield return ("verified", status.LastGoodSync is { } good ? $"up to {TimeText.Instant(good)}, {TimeText.Ago(good, now)}"
            : "nothing yet: the first read is not finished");
        yield return ("leader", !status.HasLeader ? "none" : status.LastTickAt is { } tick ? $"took its last step {TimeText.Ago(tick, now)}"
            : "yes");
        if (status.Pause is { } pause)
        {
            yield return ("paused", TimeText.Ago(pause.Since, now)
                + (pause.By is null ? "" : $" by {pause.By}") + (pause.Reason is null ? "" : $": {pause.Reason}"));
        }

        if (status.Services is { } services)
            yield return ("services", string.Join(", ", services.Select(service => Service(service, now))));
        if (status.Waiting is { Count: > 0 } waiting)
        {
            yield return ("waiting", $"{waiting.Count:N0} messages with changes"
                + (waiting.Oldest is { } oldest ? $", the oldest sent {TimeText.Ago(oldest, now)}" : ""));
        }

        if (status.Rereads is { Count: > 0 } rereads)
            yield return ("read again", $"{rereads.Count:N0} messages with leads that an export left incomplete");
        yield return ("channel", Channel(status.Channel, now));
        if (status.Run is { } run)
        {
            yield return ("bulk read", $"{Purpose(run.Purpose)}, {Bar(run.RowsDone, run.Rows)} {run.RowsDone:N0} of {run.Rows:N0} "
                + $"rows{Pace(run.RowsPerSecond, run.SecondsLeft)}");
            foreach (var page in run.Pages)
                yield return ($"  page {page.Page}", $"{State(page)}{Rows(page)}{Trouble(page.Trouble)}");
        }

        yield return ("catch-up", CatchUp(status, now));
        foreach (var gap in status.Gaps.Open)
            yield return ("gap", $"{gap.Cause} From {TimeText.Instant(gap.From)} to {(gap.To is { } to ? TimeText.Instant(to) : "now")}.");
        yield return ("comparison", Comparison(status.FullComparison, now));
        if (status.Rebuild is { } rebuild)
            yield return ("rebuild", Rebuild(rebuild));
        if (status.Parked is { } parked)
            yield return ("parked", Parked(parked));
        if (status.Credits is { Used: { } used } credits)
        {
            yield return ("credits", $"{used:N0} used in 24 hours" + (credits.Left is { } left ? $", {left:N0} left" : "")
                + (credits.Budget is { } budget ? $" of a budget of {budget:N0}" : "") + Postponed(credits));
        }
    }

    private static string Service(SyncStatus.ServicePart service, DateTimeOffset now) => service.Replicas == 0
        ? $"{service.Service} {(service.SeenAt is { } seen ? $"last seen {TimeText.Ago(seen, now)}" : "does not run")}"
        : $"{service.Service} {string.Join(" and ", service.Versions)}{(service.Replicas > 1 ? $" ×{service.Replicas}" : "")}";

    private static string Postponed(SyncStatus.CreditsPart credits) => credits.Postponed is { Count: > 0 } postponed
        ? $"; waiting for more: {string.Join(", ", postponed)}"
            + (credits.ResetsAt is { } resets ? $", the first at {TimeText.Instant(resets)}" : "")
        : "";

    private static string Purpose(string purpose) => purpose switch
    {
        "initialRead" => "the first",
        "fullComparison" => "full comparison",
        "catchUp" => "catching up",
        _ => purpose,
    };

    /// <summary>The speed and the remaining time, after a comma; empty when they are unknown.</summary>
    public static string Pace(double? rowsPerSecond, double? secondsLeft) => (rowsPerSecond, secondsLeft) is ({ } rate, { } left)
        ? $", {rate:N0} a second, {InWords.Span(TimeSpan.FromSeconds(left))} left"
        : "";

    private static string Channel(SyncStatus.ChannelPart channel, DateTimeOffset now) =>
        (channel.IsOpen, channel.ExpiresAt, channel.NextRenewal) switch
        {
            (true, { } expires, { } renewal) =>
                $"open for {InWords.Span(expires - now)} more, next renewal {(renewal <= now ? "now" : TimeText.Ago(renewal, now))}",
            (_, { } expired, _) when expired <= now => $"closed, expired {TimeText.Ago(expired, now)}",
            (_, { }, _) => "lost: Zoho no longer has it, and LeadSync opens it again",
            _ => "not opened yet",
        } + (channel.IsSilent ? ", but silent: leads were modified and no notification arrived" : "") + Trouble(channel.Trouble);

    private static string CatchUp(SyncStatus status, DateTimeOffset now)
    {
        var catchUp = status.CatchUp;
        return (catchUp.Id, catchUp.Next) switch
        {
            (not null, _) => $"under way, from {(catchUp.Since is { } since ? TimeText.Instant(since) : "the start")}, "
                + $"{catchUp.PagesProjected ?? 0} of {catchUp.Pages?.ToString("N0") ?? "?"} pages",
            (_, { } next) => $"next {(next <= now ? "now" : TimeText.Ago(next, now))}",
            _ when status.Paused => "none while paused",
            _ when catchUp.IsReadInBulk => "replaced by a bulk read",
            _ => "after the first read",
        } + (catchUp.Failures > 0 ? $", failed {catchUp.Failures} times" : "") + Trouble(catchUp.Trouble);
    }

    private static string Parked(IReadOnlyDictionary<string, long> parked) => parked.Values.Sum() == 0
        ? "nothing"
        : string.Join(", ", parked.Where(entry => entry.Value > 0).Select(entry => $"{entry.Value:N0} by the {entry.Key}"))
            + " (`parked list`)";

    private static string Rebuild(SyncStatus.RebuildPart rebuild) => rebuild.Outcome switch
    {
        "completed" when rebuild.Undo => "done, the view before the last rebuild is back",
        "completed" when rebuild.AsOf is { } moment => $"done, {rebuild.Table} holds the view as of {TimeText.Instant(moment)}",
        "completed" => $"done, {rebuild.RowsDone:N0} leads in {rebuild.Table}",
        "failed" => $"failed{Trouble(rebuild.Trouble)}",
        _ => $"{rebuild.Phase}, {Bar(rebuild.RowsDone, rebuild.RowsTotal ?? 0)} "
            + $"{rebuild.RowsDone:N0} of {rebuild.RowsTotal?.ToString("N0", null)
                ?? "?"} leads{Pace(rebuild.RowsPerSecond, rebuild.SecondsLeft)}",
    };

    private static string Comparison(SyncStatus.ComparisonPart comparison, DateTimeOffset now)
    {
        if (comparison.HeldBack is { } held)
            return $"held back: {held.Missing:N0} of {held.Living:N0} leads seem to be gone (`compare release` or `compare drop`)";

        var last = comparison.LastCompared is { } compared
            ? $"the last found {compared.Missing:N0} of {compared.Living:N0} leads missing; " : "";
        return comparison.IsComparing ? "under way" : last
            + (comparison.Next is { } next ? $"next {(next <= now ? "now" : TimeText.Ago(next, now))}" : "none yet");
    }

    private static string State(SyncStatus.PagePart page) => page.State switch
    {
        "waiting" => "waits for its turn",
        "requested" => "asked for",
        "reading" => "being prepared by Zoho",
        "ready" => page.RowsDone is { } done ? $"being applied, {done:N0} so far" : "waits to be applied",
        "projected" => "applied",
        var state => state,
    };

    private static string Rows(SyncStatus.PagePart page) => page.Rows is { } rows
        ? $", {rows:N0} rows{(page.Parked > 0 ? $", {page.Parked:N0} of them parked" : "")}{Difference(page.Difference)}" : "";

    private static string Difference(int? difference) => difference switch
    {
        null or 0 => "",
        > 0 => $", {difference:N0} more in its file",
        _ => $", {-difference:N0} of them not in its file",
    };

    private static string Trouble(string? trouble) => trouble is null ? "" : $": {trouble}";

    private static string Bar(long part, long whole)
    {
        var filled = whole == 0 ? 0 : (int)Math.Min(BarWidth, BarWidth * part / whole);
        return new string('#', filled) + new string('-', BarWidth - filled);
    }
}
