using Docker.DotNet;
using DotNet.Testcontainers.Builders;
using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>The receiver of the services' traces: the one that the environment names, a Jaeger in a container, or none.</summary>
internal sealed class Traces(
    string where, IReadOnlyDictionary<string, string> environment, IAsyncDisposable? jaeger = null) : IAsyncDisposable
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const ushort OtlpPort = 4318;
    private const ushort UserInterfacePort = 16686;

    private static readonly Dictionary<string, string> AsInherited = [];

    /// <summary>The address of the traces in words, or how to get one.</summary>
    public string Where { get; } = where;

    /// <summary>The environment variables that let a service send traces there.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = environment;

    public static async Task<Traces> StartAsync(RunDirectory run, CancellationToken cancellationToken)
    {
        if (System.Environment.GetEnvironmentVariable(EndpointKey) is { Length: > 0 } endpoint)
            return new Traces($"sent to {endpoint}", AsInherited);

        try
        {
            if (Containers.EngineRuns)
                return await StartJaegerAsync(run, cancellationToken);
        }
        catch (DockerApiException)
        {
            // Without the image, everything else still works.
        }

        return new Traces($"not kept: start a Docker engine, which brings Jaeger, or set {EndpointKey}", AsInherited);
    }

    public ValueTask DisposeAsync() => jaeger?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<Traces> StartJaegerAsync(RunDirectory run, CancellationToken cancellationToken)
    {
        var container = Containers.Ours(new ContainerBuilder("jaegertracing/jaeger:2.19.0"), run)
            .WithPortBinding(OtlpPort, assignRandomHostPort: true)
            .WithPortBinding(UserInterfacePort, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request.ForPort(UserInterfacePort)))
            .Build();
        await Containers.StartAsync(container, cancellationToken);

        var userInterface = $"http://{container.Hostname}:{container.GetMappedPublicPort(UserInterfacePort)}/";
        var environment = new Dictionary<string, string>
        {
            ["Console__TracesUrl"] = userInterface,
            [EndpointKey] = $"http://{container.Hostname}:{container.GetMappedPublicPort(OtlpPort)}",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };
        return new Traces(userInterface, environment, container);
    }
}
