using System.Text.RegularExpressions;

namespace LeadSync.UnitTests.Documentation;

/// <summary>What documents say about the repository's own files.</summary>
public sealed partial class PathTests
{
    private static readonly Lazy<IReadOnlyList<string>> Sources = new(() => [.. Documents.Below("", "*.cs")]);

    public static TheoryData<string> All => [.. Documents.Below("", "*.md")];

    [Theory, MemberData(nameof(All))]
    public void every_path_that_a_document_names_exists(string document) =>
        PathInText().Matches(Documents.Text(document))
            .Select(match => match.Groups[1].Value)
            .Where(path => !path.Contains('*') && !path.Contains('…') && !path.Contains("NNNN", StringComparison.Ordinal))
            .Where(path => !File.Exists(Path.Combine(Documents.Root, path)) && !Directory.Exists(Path.Combine(Documents.Root, path)))
            .ShouldBeEmpty(document);

    /// <summary>A document may leave out the first folders of a path, where its reader knows them.</summary>
    [Theory, MemberData(nameof(All))]
    public void every_source_file_that_a_document_names_exists(string document) =>
        SourceInText().Matches(Documents.Text(document))
            .Select(match => match.Groups[1].Value)
            .Where(path => !path.Contains('*') && !path.Contains('…'))
            .Where(path => !Sources.Value.Any(source => $"/{source}".EndsWith($"/{path}", StringComparison.Ordinal)))
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

    [GeneratedRegex(@"`([^`\s]+\.cs)`")]
    private static partial Regex SourceInText();
}
