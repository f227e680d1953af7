using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Sync;
using LeadSync.ServiceDefaults;
using Spectre.Console;

namespace LeadSync.Cli.Leads;

/// <summary><c>lead</c> and <c>history</c>.</summary>
internal static class LeadCommands
{
    public static Command Lead()
    {
        var id = Id();
        var asOf = new Option<DateTimeOffset?>("--as-of")
        {
            Description = "the lead as the view showed it at an instant, for example 2026-08-15T14:20:00Z",
        };
        return new ExampledCommand(
            "lead", "Show a lead as the view holds it.", "leadsync lead 5725767000000524001",
                "leadsync lead 5725767000000524001 --as-of 2026-08-15T14:20:00Z")
        {
            id, asOf,
        }.Does(async (invocation, ct) =>
        {
            var path = Path(invocation.Value(id)) + (invocation.Value(asOf) is { } then
                ? $"?asOf={Uri.EscapeDataString(then.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))}"
                : "");
            var json = await invocation.Scheduler.Get(path, ct) ?? throw await Unknown(invocation, invocation.Value(id), ct);
            invocation.Output.Show(json, () => Picture(json.Deserialize<LeadAnswer>(Answers.Json)!));
            return ExitCode.Ok;
        });
    }

    public static Command History()
    {
        var id = Id();
        var last = new Option<int>("--last") { Description = "how many events to show, of the latest", DefaultValueFactory = _ => 50 };
        last.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--last has to be at least 1.");
        });
        return new ExampledCommand(
            "history", "Show the events of a lead, the latest first: when each came, from where, and what it changed.",
            "leadsync history 5725767000000524001", "leadsync history 5725767000000524001 --last 5 --json")
        {
            id, last,
        }.Does(async (invocation, ct) =>
        {
            var steps = await Steps(invocation, invocation.Value(id), invocation.Value(last), ct);
            invocation.Output.Show(steps, () => Picture([.. steps.Select(step => step.Deserialize<LeadStep>(Answers.Json)!)]));
            return ExitCode.Ok;
        });
    }

    public static Argument<string> Id()
    {
        var id = new Argument<string>("id") { Description = "Zoho's record id" };
        id.Validators.Add(result =>
        {
            if (!result.Tokens.All(token => token.Value.All(char.IsAsciiDigit)))
                result.AddError("An id has digits only, for example 5725767000000524001.");
        });
        return id;
    }

    public static string Path(string id) => $"leads/{id}";

    /// <exception cref="CommandException">The address is not a scheduler's.</exception>
    public static async Task<CommandException> Unknown(Invocation invocation, string id, CancellationToken ct)
    {
        await SyncStatus.Read(invocation.Scheduler, ct);
        return new CommandException(ExitCode.No, $"LeadSync has never seen a lead {id}.");
    }

    private static async Task<List<JsonElement>> Steps(Invocation invocation, string id, int last, CancellationToken ct)
    {
        var steps = new List<JsonElement>();
        long? before = null;
        do
        {
            var page = await invocation.Scheduler.Get($"{Path(id)}/timeline{(before is null ? "" : $"?before={before}")}", ct)
                ?? throw await Unknown(invocation, id, ct);
            steps.AddRange(page.GetProperty("steps").EnumerateArray());
            before = page.GetProperty("before") is { ValueKind: JsonValueKind.Number } next ? next.GetInt64() : null;
        }
        while (before is not null && steps.Count < last);
        return steps[..Math.Min(last, steps.Count)];
    }

    private static Rows Picture(LeadAnswer lead)
    {
        var table = new Table().AddColumns("field", "value").Border(TableBorder.Rounded);
        foreach (var (name, value) in lead.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
            table.AddRow(new Text(name), new Text(value ?? ""));

        var state = lead.Alive
            ? "is alive" : $"is gone{(lead.DeletedAt is { } deleted ? $", deleted {TimeText.Instant(deleted)}" : "")}; it held last";
        var modified = lead.ModifiedTime is { } time ? $", modified {TimeText.Instant(time)}" : "";
        return new Rows(new Text($"Lead {lead.Id} {state}{modified}, {InWords.Count(lead.Version, "event")}"), table);
    }

    private static Table Picture(IReadOnlyList<LeadStep> steps)
    {
        var table = new Table().AddColumns("#", "recorded", "source", "modified in Zoho", "effect", "what changed")
            .Border(TableBorder.Rounded);
        foreach (var step in steps)
        {
            table.AddRow(
                new Text($"{step.Version}"), new Text(TimeText.Instant(step.RecordedAt)), new Text(step.Source),
                new Text(step.ModifiedTime is { } time ? TimeText.Instant(time) : ""), new Text(step.Effect),
                new Text(ChangesInWords.Of(step)));
        }

        return table;
    }
}

internal sealed record LeadAnswer(
    string Id, long Version, bool Alive, DateTimeOffset? ModifiedTime, DateTimeOffset? DeletedAt,
        IReadOnlyDictionary<string, string?> Fields);

internal sealed record LeadStep(
    long Version, string Source, string Effect, DateTimeOffset? ModifiedTime, DateTimeOffset RecordedAt,
        IReadOnlyList<FieldChange> Changes);

internal sealed record FieldChange(string Field, string? From, string? To);
