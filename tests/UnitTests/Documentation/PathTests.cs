using System.Text.RegularExpressions;

namespace LeadSync.UnitTests.Documentation;

/// <summary>What documents say about the repository's own files.</summary>
public sealed partial class PathTests
{
    public static TheoryData<string> All => [.. Documents.Below("", "*.md")];

    [Theory, MemberData(nameof(All))]
    public void every_path_that_a_document_names_exists(string document) =>
        PathInText().Matches(Documents.Text(document))
            .Select(match => match.Groups[1].Value)
            .Where(path => !path.Contains('*') && !path.Contains('…') && !path.Contains("NNNN", StringComparison.Ordinal))
            .Where(path => !File.Exists(Path.Combine(Documents.Root, path)) && !Directory.Exists(Path.Combine(Documents.Root, path)))
            .ShouldBeEmpty(document);

    [Fact]
    public void every_decision_is_in_the_index_with_its_date_and_its_state()
    {
        var index = Documents.Text("docs/decisions/README.md");

        foreach (var decision in Documents.Below("docs/decisions", "0*.md").Select(path => Path.GetFileName(path)))
        {
            var row = Regex.Escape(decision);
            Regex.IsMatch(index, $@"^\| \d+ \| \[[^]]+\]\({row}\) \| 20\d\d-\d\d-\d\d \| [^|]*\w[^|]* \|$", RegexOptions.Multiline)
                .ShouldBeTrue($"docs/decisions/README.md has no row for {decision} with a date and a state");
        }
    }

    [GeneratedRegex("`((?:services|tests|deploy|contracts|docs)/[^` ]+)`")]
    private static partial Regex PathInText();
}
