using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.Json;
using LeadSync.Cli.Alerts;
using LeadSync.Cli.Doctor;
using LeadSync.Cli.Leads;
using LeadSync.Cli.Log;
using LeadSync.Cli.Actions;
using LeadSync.Cli.Parked;
using LeadSync.Cli.Preview;
using LeadSync.Cli.Status;
using LeadSync.ServiceDefaults;

namespace LeadSync.Cli.CommandLine;

/// <summary><c>leadsync</c>: the list of its commands.</summary>
internal static class LeadSyncCommand
{
    private static readonly ExampledCommand Root = Create();

    /// <returns>The exit code; see <see cref="ExitCode"/>.</returns>
    public static async Task<int> Run(string[] arguments, Terminal terminal, CancellationToken ct)
    {
        var parsed = Root.Parse(arguments);
        var output = new CommandOutput(terminal, arguments.Contains("--json"));
        try
        {
            if (parsed.Action is ParseErrorAction || parsed.Errors.Count > 0 && parsed.Action is not (HelpWithExamples or ShowVersion))
            {
                var errors = parsed.UnmatchedTokens is [var unknown, ..]
                    ? [$"\"{unknown}\" is not understood."]
                    : parsed.Errors.Select(error => error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing
                        ? $"<{missing.Argument.Name}> is missing." : error.Message);
                throw new CommandException(ExitCode.Usage, string.Join('\n', errors) + "\n\"--help\" lists commands and options.");
            }

            return await parsed.InvokeAsync(terminal, ct);
        }
        catch (CommandException e)
        {
            output.Complain(e.ExitCode, e.Message);
            return (int)e.ExitCode;
        }
        catch (SettingsException e)
        {
            output.Complain(ExitCode.Usage, e.Message);
            return (int)ExitCode.Usage;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            output.Complain(ExitCode.Unreachable,
                "The scheduler answers with something that this command does not understand: are both of the same version? `--version` "
                    + "and `status` say which they are.");
            return (int)ExitCode.Unreachable;
        }
        catch (OperationCanceledException)
        {
            return (int)ExitCode.Interrupted;
        }
    }

    private static ExampledCommand Create()
    {
        var root = new ExampledCommand(
            "leadsync", "Shows and controls a sync of Zoho's leads.",
            "leadsync status --watch", "leadsync why 5725767000000524001 Lead_Status",
                "leadsync status --url https://leadsync.example.org --json")
        {
            new StatusCommand().Create(),
            LeadCommands.Lead(),
            LeadCommands.History(),
            WhyCommand.Create(),
            ActionCommands.CatchUp(),
            ActionCommands.Compare(),
            ActionCommands.Rebuild(),
            ActionCommands.Retype(),
            ForgetCommand.Create(),
            ActionCommands.Pause(),
            ActionCommands.Resume(),
            ParkedCommands.Create(),
            LogCommand.Create(),
            AlertCommands.Create(),
            DoctorCommand.Create(),
            PreviewCommand.Create(),
        };
        var help = new HelpOption { Recursive = true };
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        root.Add(help);
        root.Add(new VersionOption { Action = new ShowVersion(), Recursive = true });
        foreach (var option in SharedOptions.All)
            root.Add(option);
        return root;
    }
}
