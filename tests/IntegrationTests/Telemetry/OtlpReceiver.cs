using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ProtoBuf;

namespace LeadSync.IntegrationTests.Telemetry;

/// <summary>Receives the spans and metrics that services export by OTLP (http/protobuf), like a collector.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const int MostExports = 30;

    private readonly WebApplication app;
    private readonly ConcurrentQueue<ReceivedSpan> spans = [];
    private readonly ConcurrentQueue<string> metrics = [];

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/v1/traces", ReceiveAsync);
        app.MapPost("/v1/metrics", ReceiveMetricsAsync);
    }

    /// <summary>Everything received so far.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. spans];

    /// <summary>Whether a received metric, or one of its labels, has this name.</summary>
    public bool HasMetric(string name) => metrics.Any(export => export.Contains(name, StringComparison.Ordinal));

    /// <summary>Environment variables that let a service send its spans here at once, and its metrics every two seconds.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", app.Urls.Single()),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "2000"),
    ];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver.app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    // The body contains the names in plain text, and the tests need only these.
    private async Task<IResult> ReceiveMetricsAsync(HttpRequest request)
    {
        using var body = new StreamReader(request.Body, Encoding.Latin1);
        metrics.Enqueue(await body.ReadToEndAsync(request.HttpContext.RequestAborted));
        while (metrics.Count > MostExports)
            metrics.TryDequeue(out _);
        return Results.Bytes([], "application/x-protobuf");
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        body.Position = 0;
        foreach (var resource in Serializer.Deserialize<ExportTraceServiceRequest>(body).ResourceSpans)
        {
            var service = resource.Resource.Attributes.Single(attribute => attribute.Key == "service.name").Value.Text!;
            foreach (var span in resource.ScopeSpans.SelectMany(scope => scope.Spans))
                spans.Enqueue(ReceivedSpan.Of(service, span));
        }

        return Results.Bytes([], "application/x-protobuf");
    }
}

/// <summary>A span as a trace viewer shows it, with hexadecimal ids.</summary>
internal sealed record ReceivedSpan(
    string Service, string TraceId, string Id, string? ParentId, string Name, IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> LinkedTraces)
{
    public static ReceivedSpan Of(string service, OtlpSpan span) => new(
        service,
        Convert.ToHexStringLower(span.TraceId),
        Convert.ToHexStringLower(span.SpanId),
        span.ParentSpanId is { Length: > 0 } parent ? Convert.ToHexStringLower(parent) : null,
        span.Name,
        span.Attributes.GroupBy(attribute => attribute.Key).ToDictionary(same => same.Key, same => same.Last().Value.ToString()),
        [.. span.Links.Select(link => Convert.ToHexStringLower(link.TraceId))]);
}
