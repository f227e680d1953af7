using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LeadSync.Cli.CommandLine;

/// <summary>Pictures and sentences for people, JSON for programs: never both.</summary>
internal sealed class Screen
{
    // Wide enough that what is written into a file does not wrap.
    private const int FileWidth = 200;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly JsonSerializerOptions OneLine = new(Indented) { WriteIndented = false };

    public Screen(bool writesJson)
    {
        WritesJson = writesJson;
        if (!IsTerminal)
            AnsiConsole.Profile.Width = FileWidth;
    }

    public bool WritesJson { get; }

    public static bool IsTerminal => AnsiConsole.Profile.Out.IsTerminal && AnsiConsole.Profile.Capabilities.Ansi;

    /// <summary>An answer: JSON, or the picture that it makes.</summary>
    public void Show<T>(T json, Func<IRenderable> picture)
    {
        if (WritesJson)
            Console.WriteLine(JsonSerializer.Serialize(json, Indented));
        else
            AnsiConsole.Write(picture());
    }

    public void Show<T>(T json, string sentence) => Show(json, () => new Text(sentence + "\n"));

    /// <summary>An answer that others will follow: JSON on a line of its own.</summary>
    public void Line<T>(T json, Func<string> sentence) =>
        Console.WriteLine(WritesJson ? JsonSerializer.Serialize(json, OneLine) : sentence());

    public static void Complain(bool asJson, ExitCode exitCode, string sentence)
    {
        if (asJson)
            Console.WriteLine(JsonSerializer.Serialize(new { error = sentence, exitCode = (int)exitCode }, Indented));
        Console.Error.WriteLine(sentence);
    }

    /// <summary>Asks before something that cannot be undone. Where nobody can answer, the question is not asked.</summary>
    public bool Confirms(string question) => WritesJson || !IsTerminal || Console.IsInputRedirected || AnsiConsole.Confirm(question, defaultValue: false);
}
