using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace LeadSync.ZohoSimulator.Tests;

/// <summary>The README's table of options and dials comes from the code. Run the tests once with UPDATE_SNAPSHOTS=1 to write it.</summary>
public sealed partial class ReadmeTests
{
    private const string Begin = "<!-- made of SimulatorOptions.cs and Dials*.cs -->\n";
    private const string End = "<!-- end -->\n";

    private static readonly string Project = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "ZohoSimulator");

    [Fact]
    public async Task every_option_and_every_dial_is_listed()
    {
        var path = Path.Combine(Project, "README.md");
        var readme = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, readme.IndexOf(End, StringComparison.Ordinal));
        var made = readme[..begin] + Table() + readme[end..];
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(path, made, TestContext.Current.CancellationToken);

        readme.ShouldBe(made);
        foreach (var name in typeof(SimulatorOptions).GetProperties().Concat(typeof(Dials).GetProperties()).Where(one => one.CanWrite)
            .Select(one => one.Name))
            made.ShouldContain($"| `{name}` |");
    }

    private static string Table()
    {
        var table = new StringBuilder("| Name | Default | What it does |\n|---|---|---|\n");
        string[] files =
        [
            Path.Combine(Project, "SimulatorOptions.cs"), .. Directory.EnumerateFiles(Project, "Dials*.cs").Order(StringComparer.Ordinal)
        ];
        foreach (var property in files.SelectMany(file => Property().Matches(File.ReadAllText(file))))
        {
            var said = Tag().Replace(Comment().Replace(property.Groups["summary"].Value, " "), "`$1`").Trim();
            table.Append(
                $"| `{property.Groups["name"].Value}` | {Default(property.Groups["name"].Value)} | {said.Replace("|", "\\|")} |\n");
        }

        return $"{table}";
    }

    private static string Default(string name)
    {
        object settings = typeof(SimulatorOptions).GetProperty(name) is null ? new Dials() : new SimulatorOptions();
        var value = settings.GetType().GetProperty(name)!.GetValue(settings);
        var text = value is bool flag ? (flag ? "true" : "false") : string.Create(CultureInfo.InvariantCulture, $"{value}");
        return text.Length == 0 ? "" : $"`{text}`";
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex(
        @"(?:    /// <summary>(?<summary>(?:(?!</summary>)[\s\S])*)</summary>\n)?"
            + @"    public [\w?<>]+ (?<name>\w+) \{ get; (?:set|init); \}")]
    private static partial Regex Property();

    [GeneratedRegex(@"\s*\n\s*///\s*")]
    private static partial Regex Comment();

    [GeneratedRegex("<(?:c>|see cref=\"(?:\\w+\\.)*)([^<\"]+)(?:</c>|\"/>)")]
    private static partial Regex Tag();
}
