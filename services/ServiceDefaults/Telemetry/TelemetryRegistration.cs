using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LeadSync.ServiceDefaults.Telemetry;

internal static class TelemetryRegistration
{
    // A burst of changes ends more spans than the exporter's default queue of 2,048 holds, and the exporter drops the rest.
    private const int SpansWaiting = 32_768;
    private const int SpansAtOnce = 2_048;
    private const int MillisecondsBetweenExports = 1_000;

    // PostgreSQL is fast and Zoho is slow, so the buckets reach from a millisecond to the hours of an outage.
    private static readonly double[] Seconds =
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400];

    // Without an exporter, a change is still one trace, whose id its events keep, but nothing else is recorded.
    private static readonly ActivityListener TraceIdsOnly = new()
    {
        ShouldListenTo = source => source.Name is LeadSyncTelemetry.Name or "MassTransit" or "Microsoft.AspNetCore",
        Sample = (ref _) => ActivitySamplingResult.PropagationData,
    };

    /// <summary>
    /// Collects traces and metrics of every library on a change's path, and exports them when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
    /// <c>/metrics</c> always serves the metrics.
    /// </summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, string service, Settings settings)
    {
        var export = settings.OptionalUrl("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317") is not null;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceNamespace: "leadsync"))
            .WithMetrics(metrics =>
            {
                metrics
                    .AddMeter(LeadSyncTelemetry.Name, "MassTransit", "Marten", "Npgsql")
                    .AddView("leadsync.*.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Seconds })
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter();
                if (export)
                    metrics.AddOtlpExporter();
            });
        if (export)
            telemetry.WithTracing(Export);
        else
            ActivitySource.AddActivityListener(TraceIdsOnly);
    }

    private static void Export(TracerProviderBuilder tracing) => tracing
        .AddSource(LeadSyncTelemetry.Name, "MassTransit", "Marten", "Npgsql")
        .AddAspNetCoreInstrumentation(http => http.Filter = request => !IsSelfMonitoring(request.Request.Path))
        .AddHttpClientInstrumentation()
        .AddOtlpExporter(otlp => (otlp.BatchExportProcessorOptions.MaxQueueSize, otlp.BatchExportProcessorOptions.MaxExportBatchSize,
            otlp.BatchExportProcessorOptions.ScheduledDelayMilliseconds) = (SpansWaiting, SpansAtOnce, MillisecondsBetweenExports));

    private static bool IsSelfMonitoring(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics");
}
