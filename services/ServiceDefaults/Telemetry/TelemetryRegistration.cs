using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LeadSync.ServiceDefaults.Telemetry;

/// <summary>LeadSync's own spans and metrics. Neither ever carries a lead's fields, a token or an address with a query.</summary>
public static class LeadSyncTelemetry
{
    public const string Name = "LeadSync";

    public static ActivitySource Source { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);
}

internal static class TelemetryRegistration
{
    /// <summary>Traces and metrics of every library on a change's way; exported when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder, string service, Settings settings)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service, serviceNamespace: "leadsync"))
            .WithTracing(tracing => tracing
                .AddSource(LeadSyncTelemetry.Name, "MassTransit", "Marten", "Npgsql")
                .AddAspNetCoreInstrumentation(http => http.Filter = request => !request.Request.Path.StartsWithSegments("/health"))
                .AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics
                .AddMeter(LeadSyncTelemetry.Name, "MassTransit", "Marten", "Npgsql")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation());

        if (settings.OptionalUrl("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317") is not null)
            telemetry.UseOtlpExporter();
    }
}
