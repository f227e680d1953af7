using System.Text.RegularExpressions;

namespace LeadSync.UnitTests.Documentation;

/// <summary>A link in a document leads to a file, and to a heading when it names one.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> All => [.. Documents.Below("", "*.md")];

    [Theory, MemberData(nameof(All))]
    public void every_link_leads_somewhere(string document)
    {
        var broken = Link().Matches(Code().Replace(Documents.Text(document), ""))
            .Select(match => match.Groups[1].Value)
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !Leads(document, link));

        broken.ShouldBeEmpty(document);
    }

    private static bool Leads(string from, string link)
    {
        var parts = link.Split('#', 2);
        var target = parts[0] == "" ? from : Path.Combine(Path.GetDirectoryName(from)!, parts[0]);
        var path = Path.Combine(Documents.Root, target);
        return parts is [_, var heading]
            ? File.Exists(path) && Headings(File.ReadAllText(path)).Contains(heading)
            : File.Exists(path) || Directory.Exists(path);
    }

    private static IEnumerable<string> Headings(string text) =>
        Heading().Matches(text).Select(match => NotInAnchors().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\(<?([^)>\s]+)>?\)|(?<=src(?:set)?="")([^""]+)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("^#+ +(.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
