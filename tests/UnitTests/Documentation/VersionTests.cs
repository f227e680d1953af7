using System.Text.RegularExpressions;
using LeadSync.ServiceDefaults.Presence;

namespace LeadSync.UnitTests.Documentation;

/// <summary>One version: Directory.Build.props states it, and all others repeat it. <c>deploy/release</c> sets it.</summary>
public sealed partial class VersionTests
{
    private static readonly string Version = VersionInProps().Match(Documents.Text("Directory.Build.props")).Groups[1].Value;

    [Fact]
    public void the_chart_names_the_version_of_the_programs() =>
        AppVersion().Match(Documents.Text("deploy/helm/leadsync/Chart.yaml")).Groups[1].Value.ShouldBe(Version);

    [Fact]
    public void the_programs_say_the_version() =>
        typeof(ProgramVersion).Assembly.GetName().Version!.ToString(fieldCount: 3).ShouldBe(Version);

    [Fact]
    public void the_changelog_says_what_the_version_brought() =>
        Documents.Text("CHANGELOG.md").Split('\n').ShouldContain(line => line.StartsWith($"## {Version}", StringComparison.Ordinal));

    [GeneratedRegex("<Version>(.+?)</Version>")]
    private static partial Regex VersionInProps();

    [GeneratedRegex("^appVersion: \"?([^\"\n]+)\"?$", RegexOptions.Multiline)]
    private static partial Regex AppVersion();
}
