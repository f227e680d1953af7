using System.Text.RegularExpressions;
using LeadSync.UnitTests.Documentation;

namespace LeadSync.UnitTests.HouseStyle;

/// <summary>
/// One subject has one name, and one spelling, wherever a person reads: in code, comments, messages, pages and documents.
/// </summary>
public sealed class SpellingTests
{
    /// <summary>Wrong spellings, and the right one for each.</summary>
    private static readonly (string Never, string Instead)[] Terms =
    [
        // The project's subjects.
        (@"\b[Cc]atchups?\b", "catch-up; CatchUp in code"),
        (@"\b(complete|entire|whole) (bulk )?read\b|\bcompare all\b", "full comparison, or first read"),
        (@"\bnotify channel\b|\bwatch channel\b", "notification channel"),
        (@"\b[Qq]uarantined?\b|\bpoison message", "parked"),
        (@"\bZohoCRM\b(?!\.|@)|\bZoho Crm\b", "Zoho CRM; ZohoCRM only in the names of scopes"),

        // Other projects' names.
        (@"\bRabbit MQ\b|\bPostgre SQL\b|(?<!Testcontainers\.)\bPostgreSql\b|\bMass Transit\b|\bGithub\b", "RabbitMQ, PostgreSQL, "
            + "MassTransit, GitHub"),

        // Words that stop a reader.
        (@"\b[Tt]ime-outs?\b", "timeout"),
        (@"\b[Ww]eb[- ]hooks?\b", "webhook"),
        (@"\banew\b", "again"),
        (@"\bshall\b", "should, will or must"),
        (@"\bof (its|his|their|our) own accord\b", "by itself"),
        (@"\b[Ww]hilst\b", "while"),
        (@"\bmore seldom\b", "less often"),
        (@"\b[Oo]ur clock\b", "the database's clock, Zoho's clock or this machine's clock"),
        (@"\b(since|after|before|during|until) (the|an|this|their) orders?\b|\b(RebuildView|ForgetLead|CatchUp) order\b",
            "command between services, action of an operator"),
    ];

    private static readonly string[] Kinds =
        ["*.cs", "*.js", "*.css", "*.html", "*.sql", "*.md", "*.yaml", "*.yml", "*.tpl", "*.py", "*.txt"];

    private static readonly Lazy<IReadOnlyList<(string At, string Text)>> Lines = new(() =>
    [
        .. from kind in Kinds
           from file in Documents.Below("", kind)
           where !file.StartsWith("tests/UnitTests/HouseStyle/", StringComparison.Ordinal)
           from line in File.ReadLines(Path.Combine(Documents.Root, file)).Index()
           select ($"{file}:{line.Index + 1}", line.Item),
    ]);

    public static TheoryData<string> Patterns => [.. Terms.Select(term => term.Never)];

    [Theory, MemberData(nameof(Patterns))]
    public void a_term_is_spelt_in_one_way(string never)
    {
        var instead = Terms.Single(term => term.Never == never).Instead;

        Lines.Value.Where(line => Regex.IsMatch(line.Text, never)).Select(line => $"{line.At}: {line.Text.Trim()}")
            .ShouldBeEmpty($"Write instead: {instead}");
    }
}
