using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Actions;
using LeadSync.Cli.Sync;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.Cli.Parked;

/// <summary><c>parked</c>: the items that could not be processed, and the actions on them.</summary>
internal static class ParkedCommands
{
    public static Command Create() => new ExampledCommand(
        "parked", "Show, replay or drop what could not be processed.",
        "leadsync parked list", "leadsync parked replay 17", "leadsync parked replay --all", "leadsync parked drop 17")
    {
        List(),
        Handling("replay", "Process items again: a message is sent again, a lead is read from Zoho again.", "Replay {0}?",
            "Replayed {0}. An item that fails again is parked again.", asks: false,
            doneWithMany: "The replay of {0} has begun. `leadsync log` shows its end. An item that fails again is parked again."),
        Handling("drop", "Delete items for good. A lead is read again with its next change, or with `compare`.", "Drop {0} for good?",
            "Dropped {0}.", asks: true),
    };

    private static ExampledCommand List()
    {
        var before = new Option<long?>("--before") { Description = "only items with smaller ids: the next page" };
        var limit = new Option<int>("--limit") { Description = "how many items to show, 1,000 at most", DefaultValueFactory = _ => 100 };
        return new ExampledCommand("list", "Show what is parked. Exit code 0 when nothing is, else 1.", "leadsync parked list",
            "leadsync parked list --json | jq '.groups'")
        {
            before, limit,
        }.Does(async (invocation, ct) =>
            {
                var json = await invocation.Scheduler.Get(
                    ActionCommands.Path("parked", ("limit", $"{invocation.Value(limit)}"),
                        ("before", invocation.Value(before)?.ToString(CultureInfo.InvariantCulture))), ct)
                    ?? throw new CommandException(
                        ExitCode.Unreachable,
                        $"The scheduler at {invocation.Scheduler.Address} does not list what is parked: it is older than this command.");
                var page = json.Deserialize<ParkedPage>(Answers.Json)!;
                invocation.Output.Show(json, () => Picture(page));
                return page.Total == 0 ? ExitCode.Ok : ExitCode.No;
            });
    }

    private static ExampledCommand Handling(string name, string description, string question, string done, bool asks,
        string? doneWithMany = null)
    {
        var id = new Argument<long?>("id") { Description = "the item's number in `parked list`", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "every item" };
        var group = new Option<string?>("--group") { Description = "every item that was parked for this reason, as `parked list` writes "
            + "it" };
        var reason = ActionCommands.Reason();
        var yes = new Option<bool>("--yes", "-y") { Description = "do not ask" };
        var command = new ExampledCommand(name, description, $"leadsync parked {name} 17", $"leadsync parked {name} --all --yes") { id, all,
            group, yes, reason };
        command.Validators.Add(result =>
        {
            if (new[] { result.GetValue(id) is not null, result.GetValue(all), result.GetValue(group) is not null }.Count(
                given => given) != 1)
                result.AddError($"Name one item, --group or --all: leadsync parked {name} 17");
        });
        return command.Does(async (invocation, ct) =>
        {
            var one = invocation.Value(id);
            var what = one is not null ? $"item {one}" : invocation.Value(group) is { } why ? $"what was parked because \"{why}\""
                : "everything that is parked";
            if (asks && one is null && !invocation.Value(yes) && !invocation.Output.CanAsk)
                throw new CommandException(ExitCode.Usage, $"This would {name} {what} for good, and nobody can be asked here: add --yes.");
            if (asks && !invocation.Value(yes) && !invocation.Output.Confirms(string.Format(null, question, what)))
                return ExitCode.No;

            await invocation.Scheduler.Post(
                ActionCommands.Path(one is null ? $"parked/{name}" : $"parked/{one}/{name}", ("group", invocation.Value(group)),
                    ("reason", invocation.Value(reason))), ct);
            var sentence = one is null ? doneWithMany ?? done : done;
            invocation.Output.Show(new { accepted = $"parked {name}", id = one }, string.Format(null, sentence, what));
            return ExitCode.Ok;
        });
    }

    private static IRenderable Picture(ParkedPage page)
    {
        if (page.Total == 0)
            return new Text("Nothing is parked.\n");

        var table = new Table().AddColumns("#", "parked", "service", "kind", "from", "lead", "times", "reason").Border(TableBorder.Rounded);
        foreach (var item in page.Items)
        {
            table.AddRow(
                $"{item.Id}", TimeText.Instant(item.ParkedAt), Markup.Escape(item.Service), Markup.Escape(item.Kind),
                Markup.Escape(item.Origin + (item.Line is { } line ? $", line {line}" : "")), item.LeadId ?? "",
                $"{item.Times}", Markup.Escape(item.Reason));
        }

        var groups = page.Groups.Count > 1
            ? $"{Reasons(page)}: {string.Join("; ", page.Groups.Select(group => $"{group.Count:N0} × {group.Reason}"))}\n"
            : "";
        var rest = page.Next is { } next && page.Items.Count < page.Total
            ? $"{page.Items.Count:N0} of {page.Total:N0} are shown: `parked list --before {next}` shows the next ones.\n" : "";
        return groups.Length + rest.Length == 0 ? table : new Rows(table, new Text(groups + rest));
    }

    private static string Reasons(ParkedPage page) => page.Groups.Count < page.GroupCount
        ? $"By reason, the {page.Groups.Count} most frequent of {page.GroupCount:N0}" : "By reason";
}

internal sealed record ParkedPage(
    IReadOnlyList<ParkedItem> Items, long? Next, long Total, IReadOnlyList<ParkedGroup> Groups, long GroupCount);

internal sealed record ParkedGroup(string Reason, long Count);

internal sealed record ParkedItem(
    long Id, string Service, string Kind, string Origin, long? Line, string? LeadId, string Reason, int Times, DateTimeOffset ParkedAt);
