using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Actions;
using LeadSync.Cli.Sync;

namespace LeadSync.Cli.Log;

/// <summary><c>log</c>: what happened to the sync.</summary>
internal static class LogCommand
{
    private const int Page = 200;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var since = new Option<string?>("--since") { Description = "how far back: an instant, or a time such as 90m, 8h or 2d; else the "
            + "last 50 entries" };
        var watch = new Option<bool>("--watch", "-w") { Description = "list new entries until Ctrl-C" };
        var command = new ExampledCommand(
            "log", "Show what happened to the sync: channels, gaps, catch-ups, comparisons, actions with their author and reason, leaders "
                + "and versions. The oldest first.",
            "leadsync log --since 8h", "leadsync log --watch", "leadsync log --since 2026-08-15T00:00:00Z --json")
        {
            since, watch,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(since) is { } text && Instant(text, DateTimeOffset.UnixEpoch) is null)
                result.AddError("--since takes an instant or a time, for example --since 8h");
        });
        return command.Does(async (invocation, ct) =>
        {
            var from = invocation.Value(since) is { } text ? Instant(text, invocation.Time.GetUtcNow()) : null;
            var entries = await Read(invocation, from, after: null, ct);
            foreach (var entry in entries)
                Show(invocation, entry);
            if (!invocation.Value(watch))
                return ExitCode.Ok;

            var troubles = new ChangedLines(invocation.Output);
            var last = Last(entries.Count > 0 ? entries : await Read(invocation, null, after: null, ct));
            await Polling.Until<object>(
                async looking =>
                {
                    var isKnown = last.ValueKind != JsonValueKind.Undefined;
                    var read = await Read(invocation, null, isKnown ? Number(last) - 1 : 0, looking);
                    IReadOnlyList<JsonElement>? news = isKnown ? LogNews.After(last, read) : read;
                    if (news is null)
                    {
                        invocation.Output.Tell(
                            "The database holds another log than before: it was replaced or restored. These are the log's last entries.");
                        news = await Read(invocation, null, after: null, looking);
                    }

                    foreach (var entry in news)
                        Show(invocation, entry);
                    last = news.Count > 0 ? Last(news) : Last(read);
                    troubles.BeginAgain();
                    return null;
                },
                troubles.Tell, BetweenLooks, timeout: null, invocation.Time, wasReached: true, ct);
            return ExitCode.Ok;
        });
    }

    private static JsonElement Last(IReadOnlyList<JsonElement> entries) => entries.Count == 0 ? default : entries[^1];

    private static long Number(JsonElement entry) => entry.GetProperty("number").GetInt64();

    /// <returns>The oldest first.</returns>
    private static async Task<List<JsonElement>> Read(
        Invocation invocation, DateTimeOffset? since, long? after, CancellationToken ct)
    {
        const int usual = 50;
        var entries = new List<JsonElement>();
        long? before = null;
        do
        {
            var page = await invocation.Scheduler.Get(
                ActionCommands.Path(
                    "log",
                    ("limit", $"{(since is null && after is null ? usual : Page)}"),
                    ("since", since?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
                    ("after", after?.ToString(CultureInfo.InvariantCulture)),
                    ("before", before?.ToString(CultureInfo.InvariantCulture))),
                ct) ?? throw new CommandException(ExitCode.Unreachable,
                    $"The scheduler at {invocation.Scheduler.Address} has no log: it is older than this command.");
            entries.AddRange(page.GetProperty("entries").EnumerateArray());
            before = page.GetProperty("next") is { ValueKind: JsonValueKind.Number } next && (since is not null || after is not null)
                ? next.GetInt64() : null;
        }
        while (before is not null);
        entries.Reverse();
        return entries;
    }

    private static void Show(Invocation invocation, JsonElement json) => invocation.Output.Line(json, () =>
    {
        var entry = json.Deserialize<Entry>(Answers.Json)!;
        var who = entry.By is null && entry.Reason is null ? ""
            : $" ({string.Join(": ", new[] { entry.By, entry.Reason }.Where(part => part is not null))})";
        return $"{TimeText.Instant(entry.At)}  {entry.Text}{who}";
    });

    private static DateTimeOffset? Instant(string text, DateTimeOffset now) =>
        // No sync is older than the year 1970.
        Polling.Parse(text) is { } span ? span < now - DateTimeOffset.UnixEpoch ? now - span : DateTimeOffset.UnixEpoch
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant
        : null;

    private sealed record Entry(long Number, DateTimeOffset At, string Tone, string Text, string? By, string? Reason);
}
