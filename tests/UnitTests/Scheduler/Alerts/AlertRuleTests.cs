using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSync.Scheduler.Alerts;
using LeadSync.Scheduler.Status;
using LeadSync.UnitTests.Documentation;

namespace LeadSync.UnitTests.Scheduler.Alerts;

/// <summary>Prometheus' rules tell people of the same reasons as the scheduler, as urgently, and after the same time.</summary>
public sealed partial class AlertRuleTests
{
    private static readonly IReadOnlyList<PrometheusRule> Rules =
    [
        .. Rule().Matches(Documents.Text("deploy/helm/leadsync/files/prometheus/alerts.yaml")).Select(match =>
            new PrometheusRule(
                match.Groups["name"].Value,
                ReasonIn().Match(match.Groups["expr"].Value) is { Success: true } reason ? reason.Groups[1].Value : null,
                match.Groups["for"].Value, match.Groups["severity"].Value)),
    ];

    [Fact]
    public void every_reason_of_which_the_scheduler_tells_has_a_prometheus_rule_that_agrees_with_it()
    {
        foreach (var kind in Enum.GetValues<ReasonKind>())
        {
            if (AlertRule.For(kind) is not { } rule)
                continue;

            // Prometheus looks every half minute or so, and should not tell of a value that it has seen once.
            var patience = TimeSpan.FromMinutes(Math.Max(rule.Patience.TotalMinutes, 1));
            var reason = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}");
            Rules.SingleOrDefault(one => one.Reason == reason).ShouldBe(
                new(Reason.Runbook(kind), reason, Text(patience), $"{rule.Severity}".ToLowerInvariant()));
        }
    }

    [Fact]
    public void what_only_prometheus_tells_of_is_listed_for_who_has_none()
    {
        var operations = Documents.Text("docs/operations.md");
        var known = Enum.GetValues<ReasonKind>().Where(kind => AlertRule.For(kind) is not null)
            .Select(kind => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{kind}")).ToHashSet();
        var others = Rules.Where(rule => rule.Reason is null || !known.Contains(rule.Reason)).Select(rule => rule.Name).ToList();

        others.ShouldNotBeEmpty();
        Listed().Matches(operations).Select(match => match.Groups[1].Value).ShouldBe(others, ignoreOrder: true);
    }

    private static string Text(TimeSpan patience) => patience switch
    {
        { TotalDays: >= 1 } => $"{patience.TotalDays}d",
        { TotalHours: >= 1 } => $"{patience.TotalHours}h",
        _ => $"{patience.TotalMinutes}m",
    };

    [GeneratedRegex(
        "- alert: (?<name>\\w+)\n +expr: \\|\n(?<expr>(?: {10}.*\n)+)(?: +for: (?<for>\\w+)\n)?.*severity: (?<severity>\\w+)")]
    private static partial Regex Rule();

    [GeneratedRegex("reason=\"(\\w+)\"")]
    private static partial Regex ReasonIn();

    [GeneratedRegex("^\\| `(LeadSync\\w+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Listed();

    private sealed record PrometheusRule(string Name, string? Reason, string For, string Severity);
}
