using System.CommandLine;
using System.Text.Json;
using LeadSync.Cli.CommandLine;
using LeadSync.Cli.Actions;
using LeadSync.Cli.Sync;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.Cli.Alerts;

/// <summary><c>alerts</c>: the alerts, and whether they were delivered.</summary>
internal static class AlertCommands
{
    public static Command Create()
    {
        var list = List("alerts",
            "List the alerts, their receivers, and whether they were delivered. Exit code 0 when no alert is open, else 1.");
        list.Add(List("list", "The same."));
        list.Add(Acknowledge());
        list.Add(Test());
        return list;
    }

    private static ExampledCommand List(string name, string description) =>
        new ExampledCommand(name, description, "leadsync alerts", "leadsync alerts ack 17", "leadsync alerts test")
            .Does(async (invocation, ct) =>
        {
            var json = await invocation.Scheduler.Get("alerts", ct) ?? throw Older(invocation);
            var answer = json.Deserialize<Answer>(Answers.Json)!;
            invocation.Output.Show(json, () => Picture(answer, invocation.Scheduler.Address));
            return answer.Alerts.Any(alert => alert.ClosedAt is null) ? ExitCode.No : ExitCode.Ok;
        });

    private static ExampledCommand Acknowledge()
    {
        var id = new Argument<long>("id") { Description = "the alert's number in `alerts`" };
        var reason = ActionCommands.Reason();
        return new ExampledCommand("ack", "Acknowledge an alert, which stops its reminders.",
            "leadsync alerts ack 17 --reason \"Zoho's support is on it\"") { id, reason }.Does(async (invocation, ct) =>
        {
            await invocation.Scheduler.Post(
                ActionCommands.Path($"alerts/{invocation.Value(id)}/acknowledge", ("reason", invocation.Value(reason))), ct);
            invocation.Output.Show(new { acknowledged = invocation.Value(id) }, $"Alert {invocation.Value(id)} is acknowledged.");
            return ExitCode.Ok;
        });
    }

    private static ExampledCommand Test() =>
        new ExampledCommand("test", "Send a test alert to every receiver. Exit code 0 when all accepted it, else 1.",
            "leadsync alerts test").Does(async (invocation, ct) =>
        {
            var results = await invocation.Scheduler.PostFor<List<Result>>("alerts/test", ct) ?? throw Older(invocation);
            invocation.Output.Show(results, results.Count == 0
                ? "No receiver is configured: set Alerts__Webhooks__0__Url or Alerts__Mail__Server of the scheduler."
                : string.Join('\n', results.Select(result => $"{result.Target}: {result.Trouble ?? "sent"}")));
            return results.Count > 0 && results.TrueForAll(result => result.Trouble is null) ? ExitCode.Ok : ExitCode.No;
        });

    private static IRenderable Picture(Answer answer, Uri scheduler)
    {
        var targets = answer.Targets.Count == 0 ? "No receiver is configured (Alerts__…)."
            : $"Receivers: {string.Join(", ", answer.Targets)}.";
        if (answer.Alerts.Count == 0)
            return new Text($"No alerts. {targets}\n");

        var table = new Table().AddColumns("#", "alert", "since", "state", "sent", "what to do").Border(TableBorder.Rounded);
        foreach (var alert in answer.Alerts)
        {
            table.AddRow(
                new Text($"{alert.Id}"), new Text($"{alert.Name}\n{alert.Text}"), new Text(TimeText.Instant(alert.Since)),
                    new Text(State(alert)),
                new Text(string.Join('\n', alert.Deliveries.Select(
                    one => $"{one.Target}, {one.Event}: {(one.SentAt is not null ? "sent" : one.Trouble ?? "on its way")}"))),
                new Text($"{new Uri(scheduler, alert.Help)}"));
        }

        return new Rows(table, new Text(targets));
    }

    private static string State(Alert alert) => alert switch
    {
        { ClosedAt: { } closed } => $"over since {TimeText.Instant(closed)}",
        { AcknowledgedBy: { } by } => $"acknowledged by {by}",
        _ => "open",
    };

    private static CommandException Older(Invocation invocation) => new(
        ExitCode.Unreachable, $"The scheduler at {invocation.Scheduler.Address} has no alerts: it is older than this command.");

    private sealed record Answer(IReadOnlyList<string> Targets, IReadOnlyList<Alert> Alerts);

    private sealed record Alert(
        long Id, string Name, string Severity, string Text, DateTimeOffset Since, DateTimeOffset? ClosedAt, string? AcknowledgedBy,
            string Help,
        IReadOnlyList<Delivery> Deliveries);

    private sealed record Delivery(string Target, string Event, DateTimeOffset? SentAt, string? Trouble);

    private sealed record Result(string Target, string? Trouble);
}
