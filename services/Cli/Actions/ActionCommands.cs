using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Sync;
using Spectre.Console;

namespace LeadSync.Cli.Actions;

/// <summary>The actions that an operator can ask the scheduler for. The scheduler records an action, and its plan carries it out.</summary>
internal static class ActionCommands
{
    private const string Follow = "Follow it with `leadsync status`.";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static Command CatchUp() => Awaited(
        "catch-up", "Read what was changed and deleted in Zoho since the last good sync.", "catch-up", "A catch-up was requested.",
            ActionWait.ForCatchUp, Hour, _ => [],
        "leadsync catch-up", "leadsync catch-up --wait --timeout 10m && run-the-report");

    public static Command Compare()
    {
        var compare = Awaited(
            "compare", "Read every lead in bulk and compare it with the view.", "full-comparison", "A full comparison was requested.",
                ActionWait.ForComparison, 12 * Hour,
            _ => [], "leadsync compare --wait", "leadsync compare held", "leadsync compare release");
        compare.Add(Held());
        compare.Add(Release());
        compare.Add(Immediate("drop", "Forget the comparison that is held back. No lead is removed.", "full-comparison/drop", "Dropped."));
        return compare;
    }

    public static Command Rebuild()
    {
        var undo = new Option<bool>("--undo") { Description = "return to the view before the last rebuild" };
        var asOf = new Option<DateTimeOffset?>("--as-of") { Description = "build the view as of this instant, in a table of its own" };
        var rebuild = Awaited(
            "rebuild", "Compute the view again from all events, and put it in place of the present one. Readers wait for milliseconds.",
                "rebuild",
                "A rebuild was requested.", ActionWait.ForRebuild,
            12 * Hour,
            invocation =>
            [
                ("undo", invocation.Value(undo) ? "true" : null),
                ("asOf", invocation.Value(asOf)?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ],
            "leadsync rebuild --wait", "leadsync rebuild --undo", "leadsync rebuild --as-of 2026-08-15T00:00:00Z");
        rebuild.Add(undo);
        rebuild.Add(asOf);
        rebuild.Validators.Add(result =>
        {
            if (result.GetValue(undo) && result.GetValue(asOf) is not null)
                result.AddError("Either --undo or --as-of, not both.");
        });
        return rebuild;
    }

    public static Command Retype()
    {
        var field = new Argument<string>("field") { Description = "the field's API name in Zoho" };
        var retype = Awaited(
            "retype", "Add a column for a field whose type has changed in Zoho, and fill it from the events. The old column stays.",
            "retype", "A new column was requested.", ActionWait.ForRebuild, 12 * Hour, invocation => [("field", invocation.Value(field))],
            "leadsync retype No_of_Employees --wait");
        retype.Add(field);
        return retype;
    }

    public static Command Pause() => Immediate(
        "pause", "Stop scheduled reads until `resume`. Live changes still arrive.", "pause", "Paused.");

    public static Command Resume() => Immediate("resume", "Start scheduled reads again after `pause`.", "resume", "Resumed.");

    public static Option<string?> Reason() => new("--reason") { Description = "the reason, for the log of the sync" };

    /// <summary>A path with the parameters that have a value.</summary>
    public static string Path(string path, params IEnumerable<(string Name, string? Value)> parameters)
    {
        var query = string.Join('&', parameters.Where(one => one.Value is not null)
            .Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static ExampledCommand Immediate(string name, string description, string path, string done)
    {
        var reason = Reason();
        return new ExampledCommand(
            name, description,
            $"leadsync {path.Replace("full-comparison/", "compare ", StringComparison.Ordinal)} --reason \"Zoho maintenance\" "
            + "--token-file /run/secrets/leadsync")
        {
            reason,
        }.Does(async (invocation, ct) =>
        {
            var started = await invocation.Scheduler.Post(Path(path, ("reason", invocation.Value(reason))), ct);
            invocation.Output.Show(new { accepted = path, note = started.Note }, $"{done} {started.Note ?? Follow}");
            return ExitCode.Ok;
        });
    }

    private static ExampledCommand Held() =>
        new ExampledCommand("held", "List the leads that the held-back comparison would remove. Exit code 0 when none is held back, "
            + "else 1.", "leadsync compare held")
            .Does(async (invocation, ct) =>
            {
                var (json, held) = await ReadHeld(invocation, ct);
                invocation.Output.Show(json, () =>
                {
                    if (held.RunId is null)
                        return new Text("No comparison is held back.\n");

                    var table = new Table().AddColumns("lead", "name", "company", "e-mail").Border(TableBorder.Rounded);
                    foreach (var lead in held.Leads)
                        table.AddRow(new Text(lead.Id), new Text(lead.Name ?? ""), new Text(lead.Company ?? ""),
                            new Text(lead.Email ?? ""));
                    return new Rows(table, new Text(held.Leads.Count < held.Missing
                        ? $"The first {held.Leads.Count:N0} of {held.Missing:N0}." : $"{held.Missing:N0} in all."));
                });
                return held.RunId is null ? ExitCode.Ok : ExitCode.No;
            });

    private static ExampledCommand Release()
    {
        var missing = new Option<int?>("--missing")
        {
            Description = "the number of leads to remove, as `compare held` says; the command asks for it when it is missing",
        };
        var reason = Reason();
        return new ExampledCommand(
            "release", "Release the comparison that is held back: Zoho is asked about each missing lead, and leads that are gone are "
                + "removed.",
                "leadsync compare release",
            "leadsync compare release --missing 9000 --reason \"deleted by sales on Monday\"")
        {
            missing, reason,
        }.Does(async (invocation, ct) =>
        {
            var (_, held) = await ReadHeld(invocation, ct);
            if (held.RunId is null)
                throw new CommandException(ExitCode.No, "No comparison is held back.");

            var given = invocation.Value(missing);
            if (given is null)
            {
                if (invocation.Output.Live is not { } live || Console.IsInputRedirected)
                    throw new CommandException(ExitCode.Usage,
                        $"The comparison would remove {held.Missing} leads. Confirm that: "
                        + $"leadsync compare release --missing {held.Missing}");

                given = await live.PromptAsync(new TextPrompt<int>(
                    $"The comparison would remove {held.Missing} leads (`compare held` lists them). Type that number to release it:"), ct);
            }

            var released = await invocation.Scheduler.Post(
                Path("full-comparison/release", ("missing", given.Value.ToString(CultureInfo.InvariantCulture)),
                    ("reason", invocation.Value(reason))), ct);
            invocation.Output.Show(new { accepted = "full-comparison/release", note = released.Note },
                $"Released: Zoho is asked about each of them. {released.Note ?? Follow}");
            return ExitCode.Ok;
        });
    }

    private static async Task<(JsonElement Json, HeldAnswer Held)> ReadHeld(Invocation invocation, CancellationToken ct)
    {
        var json = await invocation.Scheduler.Get("full-comparison/held", ct)
            ?? throw new CommandException(ExitCode.Unreachable,
                $"The scheduler at {invocation.Scheduler.Address} does not list what is held back: it is older than this command.");
        return (json, json.Deserialize<HeldAnswer>(Answers.Json)!);
    }

    private static ExampledCommand Awaited(
        string name, string description, string path, string done, ActionWait actionWait, TimeSpan usualTimeout,
        Func<Invocation, IEnumerable<(string, string?)>> query, params string[] examples)
    {
        var wait = new Option<bool>("--wait") { Description = "wait until it has ended; exit code 1 when it failed, or did not end within "
            + "--timeout" };
        var timeout = Polling.Timeout(usualTimeout);
        var reason = Reason();
        return new ExampledCommand(name, description, examples) { wait, timeout, reason }.Does(async (invocation, ct) =>
        {
            var address = Path(path, [.. query(invocation), ("reason", invocation.Value(reason))]);
            if (invocation.Value(wait))
                return await actionWait.Until(invocation, address, invocation.Value(timeout), ct);

            var started = await invocation.Scheduler.Post(address, ct);

            invocation.Output.Show(new { accepted = name, id = started.Id, note = started.Note },
                $"{done} {started.Note ?? Follow}");
            return ExitCode.Ok;
        });
    }
}

internal sealed record HeldAnswer(Guid? RunId, int Missing, IReadOnlyList<HeldLead> Leads);

internal sealed record HeldLead(string Id, string? Name, string? Company, string? Email);
