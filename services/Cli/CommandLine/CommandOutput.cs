using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.Cli.CommandLine;

/// <summary>Writes tables and sentences for people, or JSON for programs; never both.</summary>
internal sealed class CommandOutput(Terminal terminal, bool writesJson)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions OneLine = new(Indented) { WriteIndented = false };

    public bool WritesJson { get; } = writesJson;

    /// <summary>A display that changes while a person looks at it; null where nobody does.</summary>
    public IAnsiConsole? Live => terminal.IsInteractive && !WritesJson ? terminal.Pictures : null;

    /// <summary>Shows an answer: JSON, or the table made of it.</summary>
    public void Show<T>(T json, Func<IRenderable> picture)
    {
        if (WritesJson)
            terminal.Output.WriteLine(JsonSerializer.Serialize(json, Indented));
        else
            terminal.Pictures.Write(picture());
    }

    public void Show<T>(T json, string sentence) => Show(json, () => new Text(sentence + "\n"));

    /// <summary>Shows one of many answers: JSON on one line, or a sentence.</summary>
    public void Line<T>(T json, Func<string> sentence) =>
        terminal.Output.WriteLine(WritesJson ? JsonSerializer.Serialize(json, OneLine) : sentence());

    /// <summary>Writes text for a document unchanged.</summary>
    public void Write(string text) => terminal.Output.Write(text);

    /// <summary>Writes a sentence to standard error.</summary>
    public void Tell(string sentence) => terminal.Error.WriteLine(sentence);

    public void Complain(ExitCode exitCode, string sentence)
    {
        if (WritesJson)
            terminal.Output.WriteLine(JsonSerializer.Serialize(new { error = sentence, exitCode = (int)exitCode }, Indented));
        terminal.Error.WriteLine(sentence);
    }

    /// <summary>Whether a person can answer a question.</summary>
    public bool CanAsk => Live is not null && !Console.IsInputRedirected;

    /// <summary>Asks before an action that cannot be undone. Does not ask where nobody can answer: a script that names what it acts on
    /// means it.</summary>
    public bool Confirms(string question) => !CanAsk || Live!.Confirm(question, defaultValue: false);
}
