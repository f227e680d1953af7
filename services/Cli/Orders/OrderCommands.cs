using System.CommandLine;
using System.Globalization;
using LeadSync.Cli.CommandLine;

namespace LeadSync.Cli.Orders;

/// <summary>What an operator can ask the scheduler for. It records the order and carries it out when its plan comes to it.</summary>
internal static class OrderCommands
{
    public static Command CatchUp() => Awaited(
        "catch-up", "Read now what was changed and deleted since the last good sync.", "catch-up", "A catch-up is asked for.", Waiting.ForCatchUp,
        "leadsync catch-up", "leadsync catch-up --wait && run-the-report");

    public static Command Compare()
    {
        var compare = Awaited(
            "compare", "Read every lead in bulk and compare it with the view.", "full-comparison", "A full comparison is asked for.", Waiting.ForComparison,
            "leadsync compare --wait", "leadsync compare release");
        compare.Add(Order("release", "Let a comparison go on that was held back because it would remove suspiciously many leads.", "full-comparison/release", "Released: Zoho is asked about each of them."));
        compare.Add(Order("drop", "Forget a comparison that was held back. Nothing is removed.", "full-comparison/drop", "Dropped."));
        return compare;
    }

    public static Command Rebuild()
    {
        var undo = new Option<bool>("--undo") { Description = "back to the view before the last rebuild" };
        var asOf = new Option<DateTimeOffset?>("--as-of") { Description = "the view as it was at an instant, in a table of its own beside the one that is read" };
        var rebuild = Awaited(
            "rebuild", "Fold the view anew from the events, beside the one that is read, and exchange the two.", "rebuild", "A rebuild is asked for.", Waiting.ForRebuild,
            invocation => (invocation.Value(undo), invocation.Value(asOf)) switch
            {
                (true, _) => "?undo=true",
                (_, { } then) => $"?asOf={Uri.EscapeDataString(then.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))}",
                _ => "",
            },
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

    public static Command Pause() => Order(
        "pause", "Read nothing more of LeadSync's own accord until `resume`; what is announced still arrives.", "pause", "Paused.");

    public static Command Resume() => Order("resume", "Go on after `pause`.", "resume", "Resumed.");

    private static ExampledCommand Order(string name, string description, string path, string done) =>
        new ExampledCommand(name, description, $"leadsync {path.Replace("full-comparison/", "compare ", StringComparison.Ordinal)} --url https://leadsync.example.org --token-file /run/secrets/leadsync")
            .Does(async (invocation, ct) =>
            {
                await invocation.Scheduler.Post(path, ct);
                invocation.Screen.Show(new { accepted = path }, $"{done} `leadsync status` shows how it goes on.");
                return ExitCode.Ok;
            });

    private static ExampledCommand Awaited(
        string name, string description, string path, string done, Waiting waiting, params string[] examples) =>
        Awaited(name, description, path, done, waiting, _ => "", examples);

    private static ExampledCommand Awaited(
        string name, string description, string path, string done, Waiting waiting, Func<Invocation, string> query, params string[] examples)
    {
        var wait = new Option<bool>("--wait") { Description = "wait until it has ended; exit code 1 when it ended badly" };
        return new ExampledCommand(name, description, examples) { wait }.Does(async (invocation, ct) =>
        {
            var waits = invocation.Value(wait);
            var before = waits ? await Waiting.Before(invocation, ct) : null;
            await invocation.Scheduler.Post(path + query(invocation), ct);
            if (before is not null)
                return await waiting.Until(invocation, before, ct);

            invocation.Screen.Show(new { accepted = name }, $"{done} `leadsync status` shows how it goes on.");
            return ExitCode.Ok;
        });
    }
}
