using System.Globalization;
using System.Text.RegularExpressions;
using LeadSync.DevStack;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Telemetry;

/// <summary>The metrics that Prometheus reads from <c>/metrics</c>, by the names that the dashboard and the alerts use.</summary>
[Collection(nameof(FreshSync))]
public sealed partial class MetricTests(FreshSync fresh)
{
    // The services export these only in certain states: during the first read, with a certificate, or when out of sync.
    private static readonly string[] OnlyInTrouble =
    [
        "leadsync_first_read_age_seconds", "leadsync_gateway_certificate_time_left_seconds", "leadsync_reason"
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => fresh.Sync;

    [Fact]
    public async Task the_projector_counts_the_outcomes_of_leads_and_the_durations_of_changes()
    {
        var id = (await Sync.Change("edit", new { count = 1, values = new { Last_Name = "Measured" } })).Single();
        await RunningSync.Until(
            "the change is in the view",
            async () => await Sync.Value("select last_name from legacy.leads where id = $1", id) is "Measured");

        var metrics = await MetricsOnceCounted(Sync.Projector, "visible");

        Value(metrics, "leadsync_leads_folded_total", "outcome=\"applied\"", "source=\"bulk_page\"").ShouldBeGreaterThanOrEqualTo(500);
        Value(metrics, "leadsync_leads_folded_total", "outcome=\"applied\"", "source=\"notification\"").ShouldBeGreaterThanOrEqualTo(1);
        Value(metrics, "leadsync_change_duration_seconds_count", "stage=\"folded\"").ShouldBeGreaterThanOrEqualTo(1);
        Value(metrics, "leadsync_last_change_age_seconds").ShouldBeInRange(-5, 120);
    }

    [Fact]
    public async Task the_gateway_counts_notifications_calls_and_credits()
    {
        var id = (await Sync.Change("edit", new { count = 1, values = new { Last_Name = "Counted" } })).Single();
        await RunningSync.Until(
            "the change is in the view", async () => await Sync.Value("select last_name from legacy.leads where id = $1", id) is "Counted");

        var metrics = await MetricsOnceCounted(Sync.Services.Gateway.Http, "hydrated");

        Value(metrics, "leadsync_gateway_notifications_total", "status=\"200\"").ShouldBeGreaterThanOrEqualTo(1);
        Value(metrics, "leadsync_gateway_zoho_credits_total").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task the_scheduler_shows_the_channel_and_the_gaps()
    {
        var metrics = await Sync.Scheduler.GetStringAsync("/metrics", Stop);

        Value(metrics, "leadsync_channel_time_left_seconds").ShouldBeGreaterThan(0);
        Value(metrics, "leadsync_leader").ShouldBe(1);
        metrics.ShouldContain("leadsync_gaps_open");
    }

    [Fact]
    public async Task the_scheduler_shows_what_the_last_rebuild_found()
    {
        var id = (string)(
            await Sync.Value("update legacy.leads set company = 'Wrong' where id = (select min(id) from legacy.leads) returning id"))!;

        (await Sync.Scheduler.PostAsync("/rebuild", null, Stop)).EnsureSuccessStatusCode();

        await RunningSync.Until("the rebuild is done, and differs in the lead that was wrong", async () =>
        {
            var metrics = await Sync.Scheduler.GetStringAsync("/metrics", Stop);
            return metrics.Contains("leadsync_rebuild_leads", StringComparison.Ordinal)
                && Value(metrics, "leadsync_rebuild_differences") == 1 && Value(metrics, "leadsync_rebuild_running") == 0;
        });
        (await Sync.Value("select company from legacy.leads where id = $1", id)).ShouldNotBe("Wrong");
    }

    [Theory]
    [InlineData("grafana/leadsync.json")]
    [InlineData("prometheus/alerts.yaml")]
    public async Task every_metric_of_dashboard_and_alerts_is_served(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy/helm/leadsync/files", file), Stop);
        var used = MetricName().Matches(text)
            .Select(match => match.Value.Replace("_bucket", "_count", StringComparison.Ordinal)).Distinct().ToArray();
        used.Length.ShouldBeGreaterThan(5);
        await Sync.Change("edit", new { count = 1, values = new { Last_Name = "Seen" } });

        string[] missing = used;
        await Wait.HappensAsync(
            async () =>
            {
                var served = await Sync.Services.Gateway.Http.GetStringAsync("/metrics", Stop)
                    + await Sync.Projector.GetStringAsync("/metrics", Stop)
                    + await Sync.Scheduler.GetStringAsync("/metrics", Stop);
                missing = [.. used.Except(OnlyInTrouble)
                    .Where(name =>
                        !served.Contains($"\n{name}{{", StringComparison.Ordinal)
                            && !served.Contains($"\n{name} ", StringComparison.Ordinal))];
                return missing.Length == 0;
            },
            TimeSpan.FromMinutes(1),
            Stop);
        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task every_alert_has_a_paragraph_in_the_runbooks()
    {
        var alerts = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy/helm/leadsync/files/prometheus/alerts.yaml"), Stop);
        var runbooks = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/runbooks.md"), Stop);

        foreach (Match alert in AlertName().Matches(alerts))
            runbooks.ShouldContain($"## {alert.Groups[1].Value}\n");
    }

    [GeneratedRegex(@"\b(leadsync|dotnet)_[a-z_]+")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"alert: (\w+)")]
    private static partial Regex AlertName();

    // The projector counts a change after the commit, so the change is visible a little before the metric.
    private static async Task<string> MetricsOnceCounted(HttpClient service, string stage)
    {
        var metrics = "";
        await RunningSync.Until($"a change is counted as {stage}", async () =>
        {
            metrics = await service.GetStringAsync("/metrics", Stop);
            return Value(metrics, "leadsync_change_duration_seconds_count", $"stage=\"{stage}\"") >= 1;
        });
        return metrics;
    }

    /// <summary>The sum of the metric's samples with all these labels.</summary>
    private static double Value(string metrics, string name, params string[] labels) => metrics.Split('\n')
        .Where(line => (line.StartsWith($"{name}{{", StringComparison.Ordinal) || line.StartsWith($"{name} ", StringComparison.Ordinal))
            && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
        .Sum(line =>
            double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
}
