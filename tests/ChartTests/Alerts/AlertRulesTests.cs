using System.Diagnostics;
using System.Text.RegularExpressions;
using LeadSync.ChartTests.Rendering;
using LeadSync.DevStack;
using LeadSync.TestSupport;

namespace LeadSync.ChartTests.Alerts;

/// <summary>Each alert fires when it has to, and a healthy sync raises none.</summary>
public sealed partial class AlertRulesTests(RenderedCharts charts)
{
    private static readonly string Rules = File.ReadAllText(
        Path.Combine(Repository.Root, "deploy", "helm", "leadsync", "files", "prometheus", "alerts.yaml"));
    private static readonly string Cases = File.ReadAllText(
        Path.Combine(Repository.Root, "tests", "ChartTests", "Alerts", "alerts.test.yaml"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_rule_fires_and_stays_quiet_as_its_case_says()
    {
        var promtool = await Promtool.FindAsync(Stop);
        Assert.SkipWhen(promtool is null, "needs promtool: install Prometheus, or set PROMTOOL to its path");
        var directory = Directory.CreateTempSubdirectory("leadsync-alerts-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "alerts.yaml"), Rules, Stop);
            await File.WriteAllTextAsync(Path.Combine(directory.FullName, "alerts.test.yaml"), Cases, Stop);

            var tested = await ProgramResult.RunAsync(
                new ProcessStartInfo(promtool!, ["test", "rules", "alerts.test.yaml"]) { WorkingDirectory = directory.FullName }, Stop);

            tested.ExitCode.ShouldBe(0, $"{tested.Output}{tested.Error}");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void every_rule_has_a_case_a_runbook_and_an_address_of_it()
    {
        var runbooks = File.ReadAllText(Path.Combine(Repository.Root, "docs", "runbooks.md"));
        foreach (var name in Names())
        {
            Cases.ShouldContain($"alertname=\"{name}\"");
            runbooks.ShouldContain($"\n## {name}\n");
            Rules.ShouldContain($"runbook_url: http://localhost:8082/runbooks#{name.ToLowerInvariant()}\n");
        }
    }

    [Fact]
    public void the_chart_alerts_of_its_own_release_and_links_to_its_own_console()
    {
        var rendered = charts.Yaml("full");

        rendered.ShouldContain("leadsync_reason{namespace=");
        rendered.ShouldNotContain("job=~\".+\"");
        rendered.ShouldContain("runbook_url: https://leadsync.example.org/runbooks#leadsyncchannelsilent");
    }

    private static IEnumerable<string> Names() => Alert().Matches(Rules).Select(match => match.Groups[1].Value);

    [GeneratedRegex("alert: ([A-Za-z]+)")]
    private static partial Regex Alert();
}
