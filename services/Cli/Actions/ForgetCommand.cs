using System.CommandLine;
using LeadSync.Cli.CommandLine;
using LeadSync.ServiceDefaults;

namespace LeadSync.Cli.Actions;

/// <summary><c>forget</c>: removes a person's data from everything that LeadSync keeps.</summary>
internal static class ForgetCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "the lead's id in Zoho" };
        var reason = new Option<string>("--reason") { Description = "why, for the log; nothing about the person", Required = true };
        var untilSeenAgain = new Option<bool>("--until-seen-again")
        {
            Description = "the lead comes back when Zoho shows it later; without this, nothing of it is ever applied again",
        };
        var unknown = new Option<bool>("--unknown") { Description = "accept an id that LeadSync has never read, and keep that lead out" };
        var timeout = Polling.Timeout(TimeSpan.FromMinutes(1));
        return new ExampledCommand(
            "forget",
            "Forget a person: remove the lead's data from events, views, changes and parked items. This cannot be undone.",
            "leadsync forget 5725767000000524001 --reason \"request 2026-117\" --token-file /run/secrets/leadsync")
        {
            id, reason, untilSeenAgain, unknown, timeout,
        }.Does(async (invocation, ct) =>
        {
            var lead = invocation.Value(id)!;
            if (!invocation.Output.Confirms($"Forget lead {lead} permanently? This cannot be undone."))
                return ExitCode.No;

            var before = await ForgottenAt(invocation, lead, ct);
            await invocation.Scheduler.Post(ActionCommands.Path($"forget/{Uri.EscapeDataString(lead)}",
                ("reason", invocation.Value(reason)), ("untilSeenAgain", invocation.Value(untilSeenAgain) ? "true" : null),
                ("unknown", invocation.Value(unknown) ? "true" : null)), ct);
            var most = invocation.Value(timeout);
            var at = await Polling.Until(
                async looking => await ForgottenAt(invocation, lead, looking) is { } now && now != before ? now : null,
                new ChangedLines(invocation.Output).Tell, BetweenLooks, most, invocation.Time, wasReached: true, ct)
                ?? throw new CommandException(
                    ExitCode.No, $"The lead was not forgotten within {InWords.Span(most)}. The projector forgets it as soon as it runs.");
            invocation.Output.Show(new { id = lead, forgottenAt = at }, $"Lead {lead} is forgotten.");
            return ExitCode.Ok;
        });
    }

    private static async Task<string?> ForgottenAt(Invocation invocation, string lead, CancellationToken ct) =>
        (await invocation.Scheduler.Get($"forgotten/{Uri.EscapeDataString(lead)}", ct))?.GetProperty("forgottenAt").GetString();
}
