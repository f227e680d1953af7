using System.Text.RegularExpressions;
using LeadSync.Cli.Doctor;

namespace LeadSync.UnitTests.Documentation;

/// <summary>The tables of the configuration keys, compared with the services that read the keys and the doctor that knows them.</summary>
public sealed partial class ConfigurationTests
{
    private static readonly string[] Services = ["Gateway", "Projector", "Scheduler", "ServiceDefaults"];

    /// <summary>Keys whose names do not have the form that the doctor looks for.</summary>
    private static readonly string[] OfOthers = ["ConnectionStrings__Postgres", "ConnectionStrings__RabbitMq"];

    private static readonly string[] OlderNames = ["Console__ActionToken"];

    [Fact]
    public void every_key_that_a_service_reads_is_documented() =>
        Read().Except(Documented()).Except(OlderNames)
            .ShouldBeEmpty("docs/configuration.md and docs/operations.md do not say what these keys mean");

    [Fact]
    public void every_documented_key_is_read_by_a_service() =>
        Documented().Except(Read()).ShouldBeEmpty("no service reads these keys any more");

    [Fact]
    public void the_doctor_knows_every_documented_key() =>
        Documented().Except(OfOthers).Except(KnownKeys.All).ShouldBeEmpty("the doctor would call these keys misspelt");

    [Fact]
    public void no_key_is_documented_twice() =>
        Rows().GroupBy(key => key).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    private static HashSet<string> Documented() => [.. Rows()];

    private static IEnumerable<string> Rows() =>
        from document in new[] { "docs/configuration.md", "docs/operations.md" }
        from line in Documents.Text(document).Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        from Match key in KeyInText().Matches(line.Split('|')[1])
        select key.Groups[1].Value;

    private static HashSet<string> Read() =>
    [
        .. from service in Services
           from file in Documents.Below($"services/{service}", "*.cs")
           from Match key in KeyInSource().Matches(Documents.Text(file))
           select key.Groups[1].Value,
        // AlertOptions composes these names.
        "Alerts__Webhooks__0__Url", "Alerts__Webhooks__0__Secret", "Alerts__Webhooks__0__Format",
    ];

    [GeneratedRegex("\"([A-Z][A-Za-z]+(?:__[A-Za-z]+)+)\"")]
    private static partial Regex KeyInSource();

    [GeneratedRegex("`([A-Z][A-Za-z]+(?:__[A-Za-z0-9]+)+)`")]
    private static partial Regex KeyInText();
}
