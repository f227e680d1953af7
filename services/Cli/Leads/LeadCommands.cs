using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Status;
using Spectre.Console;

namespace LeadSync.Cli.Leads;

/// <summary><c>lead</c> and <c>history</c>.</summary>
internal static class LeadCommands
{
    public static Command Lead()
    {
        var id = Id();
        var asOf = new Option<DateTimeOffset?>("--as-of") { Description = "the lead as the view showed it at an instant, for example 2026-08-15T14:20:00Z" };
        return new ExampledCommand(
            "lead", "Show what the view holds of a lead.", "leadsync lead 5725767000000524001", "leadsync lead 5725767000000524001 --as-of 2026-08-15T14:20:00Z")
        {
            id, asOf,
        }.Does(async (invocation, ct) =>
        {
            var path = Path(invocation.Value(id)) + (invocation.Value(asOf) is { } then
                ? $"?asOf={Uri.EscapeDataString(then.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))}"
                : "");
            var json = await invocation.Projector.Get(path, ct) ?? throw Unknown(invocation.Value(id));
            invocation.Screen.Show(json, () => Picture(json.Deserialize<LeadAnswer>(JsonSerializerOptions.Web)!));
            return ExitCode.Ok;
        });
    }

    public static Command History()
    {
        var id = Id();
        var last = new Option<int>("--last") { Description = "how many events to show, of the latest", DefaultValueFactory = _ => 50 };
        return new ExampledCommand(
            "history", "Show every event of a lead: when it came, from where, and what it changed.",
            "leadsync history 5725767000000524001", "leadsync history 5725767000000524001 --last 5")
        {
            id, last,
        }.Does(async (invocation, ct) =>
        {
            var json = await invocation.Projector.Get(Path(invocation.Value(id)) + "/history", ct) ?? throw Unknown(invocation.Value(id));
            var events = json.EnumerateArray().TakeLast(invocation.Value(last)).ToList();
            invocation.Screen.Show(events, () => Picture(json.Deserialize<List<LeadEvent>>(JsonSerializerOptions.Web)!, events.Count));
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

    public static CommandException Unknown(string id) => new(ExitCode.No, $"No lead {id} was ever seen.");

    private static Rows Picture(LeadAnswer lead)
    {
        var table = new Table().AddColumns("field", "value").Border(TableBorder.Rounded);
        foreach (var (name, value) in lead.Fields ?? new Dictionary<string, string?>())
            table.AddRow(new Text(name), new Text(value ?? ""));

        var state = lead.Alive ? "is alive" : $"is gone{(lead.DeletedAt is { } deleted ? $", deleted {Summary.Instant(deleted)}" : "")}; it held last";
        var modified = lead.ModifiedTime is { } time ? $", modified {Summary.Instant(time)}" : "";
        return new Rows(new Text($"Lead {lead.Id} {state}{modified}"), table);
    }

    private static Table Picture(List<LeadEvent> events, int last)
    {
        var table = new Table().AddColumns("#", "recorded", "source", "modified in Zoho", "what changed", "trace").Border(TableBorder.Rounded);
        IReadOnlyDictionary<string, string?> known = new Dictionary<string, string?>();
        foreach (var (one, index) in events.Select((one, index) => (one, index)))
        {
            var changed = one.Fields is { } fields ? Difference.Of(known, fields) : $"gone, deleted {Summary.Instant(one.DeletedAt ?? one.ObservedAt)}";
            known = one.Fields ?? known;
            if (index >= events.Count - last)
                table.AddRow(new Text($"{one.Version}"), new Text(Summary.Instant(one.RecordedAt)), new Text(one.Source), new Text(one.ModifiedTime is { } time ? Summary.Instant(time) : ""), new Text(changed), new Text(one.TraceId ?? ""));
        }

        return table;
    }
}

internal sealed record LeadAnswer(string Id, bool Alive, DateTimeOffset? ModifiedTime, DateTimeOffset? DeletedAt, IReadOnlyDictionary<string, string?>? Fields);

internal sealed record LeadEvent(
    long Version,
    string Source,
    DateTimeOffset? ModifiedTime,
    DateTimeOffset ObservedAt,
    DateTimeOffset? DeletedAt,
    DateTimeOffset RecordedAt,
    string? TraceId,
    IReadOnlyDictionary<string, string?>? Fields);
