using System.Collections;
using System.CommandLine;
using Spectre.Console;

namespace LeadSync.Cli.CommandLine;

/// <summary>The environment variables of a command, and the places to which it writes answers and errors.</summary>
internal sealed class Terminal : InvocationConfiguration
{
    // Wide enough that lines in a file do not wrap.
    private const int FileWidth = 200;

    /// <param name="pictures">Writes to the same place as <paramref name="output"/>.</param>
    private Terminal(IReadOnlyDictionary<string, string> variables, IAnsiConsole pictures, TextWriter output, TextWriter error)
    {
        Variables = variables;
        Pictures = pictures;
        Output = output;
        Error = error;
        EnableDefaultExceptionHandler = false;
        if (!IsInteractive)
            pictures.Profile.Width = FileWidth;
    }

    public IReadOnlyDictionary<string, string> Variables { get; }

    public IAnsiConsole Pictures { get; }

    public bool IsInteractive => Pictures.Profile.Out.IsTerminal && Pictures.Profile.Capabilities.Ansi;

    /// <summary>This process's own.</summary>
    public static Terminal OfProcess() => new(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(one => (string)one.Key, one => (string)one.Value!),
        AnsiConsole.Console, Console.Out, Console.Error);

    /// <summary>A terminal without a person: the writers keep the output, and the caller handles interrupts.</summary>
    public static Terminal Kept(IReadOnlyDictionary<string, string> variables, TextWriter output, TextWriter error) => new(
        variables, AnsiConsole.Create(
            new() { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors }), output, error)
    {
        ProcessTerminationTimeout = null,
    };

    /// <summary>The value of an environment variable; null when it is missing or blank.</summary>
    public string? Variable(string name) =>
        Variables.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
