using System.CommandLine;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.Cli.Parked;

/// <summary><c>parked</c>: what could not be processed, and what to do with it.</summary>
internal static class ParkedCommands
{
    public static Command Create() => new ExampledCommand(
        "parked", "Show, replay or drop what could not be processed.",
        "leadsync parked list", "leadsync parked replay 17", "leadsync parked replay --all", "leadsync parked drop 17")
    {
        List(),
        Order("replay", "Process items once more: a message again, a lead by reading it anew.", "Replay {0}?", asks: false),
        Order("drop", "Forget items for good. A lead comes again with its next change, or with `compare`.", "Drop {0} for good?", asks: true),
    };

    private static ExampledCommand List() =>
        new ExampledCommand("list", "Show what is parked. Exit code 0 when nothing is, else 1.", "leadsync parked list", "leadsync parked list --json | jq '.items[].reason'")
            .Does(async (invocation, ct) =>
            {
                var json = await invocation.Scheduler.Get("parked", ct)
                    ?? throw new CommandException(ExitCode.Unreachable, $"The scheduler at {invocation.Scheduler.Address} does not list what is parked: it is older than this command.");
                var page = json.Deserialize<ParkedPage>(JsonSerializerOptions.Web)!;
                invocation.Screen.Show(json, () => Picture(page));
                return page.Items.Count == 0 ? ExitCode.Ok : ExitCode.No;
            });

    private static ExampledCommand Order(string name, string description, string question, bool asks)
    {
        var id = new Argument<long?>("id") { Description = "the item's number in `parked list`", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "every item" };
        var yes = new Option<bool>("--yes", "-y") { Description = "do not ask" };
        var command = new ExampledCommand(name, description, $"leadsync parked {name} 17", $"leadsync parked {name} --all --yes") { id, all, yes };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null != result.GetValue(all))
                result.AddError($"Name one item, or --all: leadsync parked {name} 17");
        });
        return command.Does(async (invocation, ct) =>
        {
            var one = invocation.Value(id);
            var what = one is null ? "everything that is parked" : $"item {one}";
            if (asks && !invocation.Value(yes) && !invocation.Screen.Confirms(string.Format(null, question, what)))
                return ExitCode.No;

            await invocation.Scheduler.Post(one is null ? $"parked/{name}" : $"parked/{one}/{name}", ct);
            invocation.Screen.Show(new { accepted = $"parked {name}", id = one }, $"Asked to {name} {what}. What fails again is parked again.");
            return ExitCode.Ok;
        });
    }

    private static IRenderable Picture(ParkedPage page)
    {
        if (page.Items.Count == 0)
            return new Text("Nothing is parked.\n");

        var table = new Table().AddColumns("#", "parked", "service", "kind", "from", "lead", "times", "reason").Border(TableBorder.Rounded);
        foreach (var item in page.Items)
        {
            table.AddRow(
                $"{item.Id}", Times.Instant(item.ParkedAt), Markup.Escape(item.Service), Markup.Escape(item.Kind),
                Markup.Escape(item.Origin + (item.Line is { } line ? $", line {line}" : "")), item.LeadId ?? "", $"{item.Times}", Markup.Escape(item.Reason));
        }

        return table;
    }
}

internal sealed record ParkedPage(IReadOnlyList<ParkedItem> Items);

internal sealed record ParkedItem(
    long Id, string Service, string Kind, string Origin, long? Line, string? LeadId, string Reason, int Times, DateTimeOffset ParkedAt);
