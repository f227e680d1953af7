using System.CommandLine;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Sync;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.Cli.Leads;

/// <summary><c>why</c>: which event gave a field its value.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        var id = LeadCommands.Id();
        var field = new Argument<string>("field") { Description = "the field's API name in Zoho, or its column in the view" };
        return new ExampledCommand(
            "why", "Explain a value: which event set it, when, and where the event came from.",
            "leadsync why 5725767000000524001 Lead_Status", "leadsync why 5725767000000524001 annual_revenue --json")
        {
            id, field,
        }.Does(async (invocation, ct) =>
        {
            var (lead, name) = (invocation.Value(id), invocation.Value(field));
            var json = await invocation.Scheduler.Get($"{LeadCommands.Path(lead)}/fields/{Uri.EscapeDataString(name)}", ct)
                ?? throw await Unknown(invocation, lead, name, ct);
            invocation.Output.Show(json, () => Picture(json.Deserialize<FieldAnswer>(Answers.Json)!));
            return ExitCode.Ok;
        });
    }

    private static async Task<CommandException> Unknown(Invocation invocation, string lead, string field, CancellationToken ct) =>
        await invocation.Scheduler.Get(LeadCommands.Path(lead), ct) is null
            ? await LeadCommands.Unknown(invocation, lead, ct)
            : new CommandException(ExitCode.No, $"LeadSync has never synced a field {field}: `lead {lead}` shows the names.");

    private static IRenderable Picture(FieldAnswer answer)
    {
        if (answer.SetBy is not { } setBy)
            return new Text($"{answer.Field} of lead {answer.Id} never had a value.\n");

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn();
        void Row(string name, string? text) => grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(text ?? "nothing"));
        Row("value", answer.Value);
        Row("before", answer.Before);
        Row("set by", $"event {setBy.Version}, {Words(setBy.Source)}");
        Row("modified in Zoho", TimeText.Instant(setBy.ModifiedTime));
        Row("read from Zoho", TimeText.Instant(setBy.ObservedAt));
        Row("in the view since", TimeText.Instant(setBy.RecordedAt));
        Row("changes so far", $"{answer.Changes:N0}");
        if ((setBy.TraceUrl ?? setBy.TraceId) is { } trace)
            Row("trace", trace);
        return new Rows(new Text($"{answer.Field} of lead {answer.Id}"), grid);
    }

    private static string Words(string source) => source switch
    {
        "Notification" => "announced by a notification",
        "BulkPage" => "read from a page of a bulk read",
        "CatchUp" => "found by a catch-up",
        "FullComparison" => "found by a full comparison",
        _ => source,
    };
}

internal sealed record FieldAnswer(string Id, string Field, string? Value, string? Before, int Changes, FieldEvent? SetBy);

internal sealed record FieldEvent(
    long Version, string Source, DateTimeOffset ModifiedTime, DateTimeOffset ObservedAt, DateTimeOffset RecordedAt, string? TraceId,
        string? TraceUrl);
