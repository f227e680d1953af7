using System.Text.RegularExpressions;
using LeadSync.ChartTests.Rendering;
using LeadSync.DevStack;

namespace LeadSync.ChartTests;

/// <summary>
/// During a rolling upgrade, pods of the version before run on the new schema. So scripts only add (docs/decisions/0041). This test
/// lists every statement that removes something, with the version that stopped using it.
/// </summary>
public sealed partial class UpgradeTests(RenderedCharts charts)
{
    private static readonly string[] TakenAway =
    [
        // Another index of the same name takes its place. The version before relies on neither.
        """
        do $$
        begin
            if exists (select from pg_index where indexrelid = to_regclass('scheduler.alert_is_open_once') and indnatts = 1) then
                drop index scheduler.alert_is_open_once
        """,
    ];

    public static TheoryData<string> Scripts =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "services"), "*.sql", SearchOption.AllDirectories)
            .Select(script => Path.GetRelativePath(Repository.Root, script))
            .Where(script => !script.Contains("/bin/") && !script.Contains("/obj/")).Order()];

    [Theory, MemberData(nameof(Scripts))]
    public void a_schema_script_only_adds(string script)
    {
        var statements = Comment().Replace(File.ReadAllText(Path.Combine(Repository.Root, script)), "").Split(';')
            .Select(statement => statement.Trim());

        statements.Where(statement => Contraction().IsMatch(statement) && !TakenAway.Contains(statement)).ShouldBeEmpty();
    }

    [Fact]
    public void a_script_that_removes_something_is_noticed()
    {
        foreach (var statement in (
            string[])["drop table a.b", "alter table a.b drop column c", "alter table a.b rename column c to d",
            "alter table a.b alter c type text", "alter table a.b alter column c set not null",
            "alter table a.b add column c text not null"])
            Contraction().IsMatch(statement).ShouldBeTrue(statement);
        foreach (var statement in (
            string[])["create table a.b (c text not null)", "alter table a.b add column if not exists c text",
            "alter table a.b add column c int not null default 0", "delete from a.b"])
            Contraction().IsMatch(statement).ShouldBeFalse(statement);
    }

    /// <summary>
    /// Kubernetes refuses an upgrade that changes the selector of a Deployment, so the selector stays as in the first version.
    /// </summary>
    [Fact]
    public void selectors_are_those_of_the_first_version()
    {
        foreach (var deployment in charts.Manifest("minimal").Of<k8s.Models.V1Deployment>())
        {
            deployment.Spec.Selector.MatchLabels.ShouldBe(new Dictionary<string, string>
            {
                ["app.kubernetes.io/name"] = "leadsync",
                ["app.kubernetes.io/instance"] = "one",
                ["app.kubernetes.io/component"] = deployment.Metadata.Name["one-leadsync-".Length..],
            }, ignoreOrder: true);
        }
    }

    [GeneratedRegex(@"--[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(
        @"\bdrop\s|\brename\b|\balter\s+(column\s+)?\w+\s+(set\s+data\s+)?type\b|\bset\s+not\s+null"
            + @"|\badd\s+column\b(?!.*\bdefault\b).*\bnot\s+null", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Contraction();
}
