using System.Text;
using System.Text.RegularExpressions;

namespace LeadSync.ChartTests.Rendering;

/// <summary>
/// The table of values in the chart's README, generated from <c>values.yaml</c>: each key with its default and the comment above it.
/// </summary>
internal static partial class ValuesTable
{
    private const string Begin = "<!-- made of values.yaml -->\n";
    private const string End = "<!-- end -->\n";

    public static string Path { get; } = System.IO.Path.Combine(Chart.Directory, "README.md");

    /// <summary>The README with the generated table.</summary>
    public static string Made()
    {
        var readme = File.ReadAllText(Path);
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, readme.IndexOf(End, StringComparison.Ordinal));
        return readme[..begin] + Of(File.ReadLines(System.IO.Path.Combine(Chart.Directory, "values.yaml"))) + readme[end..];
    }

    public static string Of(IEnumerable<string> yaml)
    {
        var table = new StringBuilder("| Value | Default | What it is for |\n|---|---|---|\n");
        var (path, comment, lines) = (new Stack<(int Indent, string Key)>(), "", yaml.ToList());
        for (var at = 0; at < lines.Count; at++)
        {
            if (lines[at].Length == 0)
            {
                comment = "";
            }
            else if (lines[at].TrimStart() is ['#', .. var words])
            {
                comment = $"{comment} {words.Trim()}".Trim();
            }
            else if (Entry().Match(lines[at]) is { Success: true } entry)
            {
                while (path.TryPeek(out var above) && above.Indent >= entry.Groups["indent"].Length)
                    path.Pop();
                path.Push((entry.Groups["indent"].Length, entry.Groups["key"].Value));
                var value = entry.Groups["value"].Value;
                // A list below a key belongs to the key.
                if (value.Length == 0 && at + 1 < lines.Count && lines[at + 1].TrimStart().StartsWith("- ", StringComparison.Ordinal))
                    value = "see values.yaml";
                if (value.Length > 0 || comment.Length > 0)
                    table.Append(
                        $"| `{string.Join('.', path.Reverse().Select(one => one.Key))}` | {Code(value)} | {comment.Replace("|", "\\|")} "
                            + "|\n");
                comment = "";
            }
        }

        return $"{table}";
    }

    private static string Code(string value) => value switch
    {
        "" => "",
        "see values.yaml" => value,
        _ => $"`{value}`",
    };

    [GeneratedRegex(@"^(?<indent> *)(?<key>[A-Za-z]+):(?: (?<value>.*))?$")]
    private static partial Regex Entry();
}
