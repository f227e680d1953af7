using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using LeadSync.ServiceDefaults.Presence;

namespace LeadSync.Cli.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class ExampledCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples { get; } = examples;

    public ExampledCommand Does(Func<Invocation, CancellationToken, Task<ExitCode>> action)
    {
        SetAction(async (parsed, ct) =>
        {
            using var invocation = new Invocation(parsed);
            return (int)await action(invocation, ct);
        });
        return this;
    }
}

/// <summary>The version of this program.</summary>
internal sealed class ShowVersion : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"leadsync {ProgramVersion.Text}");
        return 0;
    }
}

/// <summary>The usual help, and the command's examples below it.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampledCommand { Examples.Count: > 0 } command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
                output.WriteLine($"  {example}");
            output.WriteLine();
        }

        return 0;
    }
}
