using Docker.DotNet;
using DotNet.Testcontainers.Builders;
using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>Where the services' traces go: where the environment says, to a Jaeger in a container, or nowhere.</summary>
internal sealed class Traces(
    string where, IReadOnlyDictionary<string, string> environment, IAsyncDisposable? jaeger = null) : IAsyncDisposable
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const ushort OtlpPort = 4318;
    private const ushort UserInterfacePort = 16686;

    private static readonly Dictionary<string, string> AsInherited = [];

    /// <summary>For people: an address, or how to get one.</summary>
    public string Where { get; } = where;

    /// <summary>What tells a service to send them there.</summary>
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
            // An image that cannot be had is no reason to do without everything else.
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
