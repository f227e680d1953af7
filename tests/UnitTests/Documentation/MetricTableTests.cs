using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;
using LeadSync.Gateway;
using LeadSync.Gateway.Notifications;
using LeadSync.Projector.Leads;
using LeadSync.Scheduler.Recording;
using LeadSync.Scheduler.Status;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Configuration;

namespace LeadSync.UnitTests.Documentation;

/// <summary>The table of metrics in <c>docs/metrics.md</c>, compared with the metrics that the code creates.</summary>
public sealed class MetricTableTests
{
    private const string Document = "docs/metrics.md";

    /// <summary>What creates metrics. Other tests of the same process may have created the same ones.</summary>
    private static readonly Action[] Sources =
    [
        () => RuntimeHelpers.RunClassConstructor(typeof(ChangeDuration).TypeHandle),
        () => RuntimeHelpers.RunClassConstructor(typeof(GatewayMetrics).TypeHandle),
        () => RuntimeHelpers.RunClassConstructor(typeof(SyncLog).TypeHandle),
        () => RuntimeHelpers.RunClassConstructor(typeof(LeadMetrics).TypeHandle),
        () => _ = new LeadMetrics(TimeProvider.System),
        () => _ = new StatusGauges(TimeProvider.System),
        () => new PublicCertificate(Gateway(), database: null!, TimeProvider.System).Dispose(),
    ];

    [Fact]
    public void the_document_lists_every_metric_as_the_code_describes_it()
    {
        var table = Table();

        Documents.Text(Document).ShouldContain(
            table, Case.Sensitive, $"Write this table into {Document}:\n{table}");
    }

    /// <summary>The code has no other place that creates metrics.</summary>
    [Fact]
    public void every_file_that_creates_metrics_is_known() =>
        Documents.Below("services", "*.cs")
            .Where(file => Documents.Text(file).Contains("LeadSyncTelemetry.Meter.Create", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)
            .ShouldBe(["ChangeDuration", "GatewayMetrics", "LeadMetrics", "PublicCertificate", "StatusGauges", "SyncLog"]);

    private static string Table()
    {
        var metrics = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter == LeadSyncTelemetry.Meter)
                    metrics[Name(instrument)] = $"{Kind(instrument)} | {Services(instrument.Name)} | {Sentence(instrument)}";
            },
        };
        foreach (var create in Sources)
            create();
        listener.Start();
        return metrics.Aggregate(
            new StringBuilder("| Metric | Kind | Exported by | Means |\n|---|---|---|---|\n"),
            (text, metric) => text.Append($"| `{metric.Key}` | {metric.Value} |\n")).ToString();
    }

    private static string Services(string name) => name switch
    {
        "leadsync.change.duration" => "gateway, projector",
        "leadsync.last_change.age" or "leadsync.leads.folded" or "leadsync.leads.events.skipped" => "projector",
        _ when name.StartsWith("leadsync.gateway.", StringComparison.Ordinal) => "gateway",
        _ => "scheduler",
    };

    private static GatewayOptions Gateway() => GatewayOptions.From(
        new Settings(new ConfigurationBuilder().AddInMemoryCollection([new("Gateway:PublicUrl", "https://sync.test")]).Build()), "secret");

    // As the exporter for Prometheus names them.
    private static string Name(Instrument instrument) => instrument.Name.Replace('.', '_')
        + (instrument.Unit == "s" ? "_seconds" : "")
        + (Kind(instrument) == "counter" ? "_total" : "");

    private static string Kind(Instrument instrument) => instrument.GetType().Name switch
    {
        var name when name.StartsWith("Counter", StringComparison.Ordinal) => "counter",
        var name when name.StartsWith("Histogram", StringComparison.Ordinal) => "histogram",
        _ => "gauge",
    };

    private static string Sentence(Instrument instrument) => $"{instrument.Description!.TrimEnd('.')}.";
}
