using LeadSync.DevStack.Processes;
using LeadSync.TestSupport.Network;

namespace LeadSync.DevStack.Services;

/// <summary>The three services and the Zoho simulator, configured only by the operators' environment variables.</summary>
public sealed class ServiceProcesses : IAsyncDisposable
{
    private readonly RunDirectory run;
    private readonly string logPrefix;
    private readonly string host;

    /// <param name="settings">Their servers and options.</param>
    /// <param name="run">The directory for their logs.</param>
    /// <param name="logPrefix">Distinguishes their logs from other logs of the same run.</param>
    public ServiceProcesses(ServiceSettings settings, RunDirectory run, string logPrefix = "")
    {
        (this.run, this.logPrefix, host) = (run, logPrefix, settings.Host);
        Simulator = Create("tests/ZohoSimulator", settings.SimulatorPort, settings.ForSimulator());
        var (gatewayPort, projectorPort, schedulerPort) = (settings.GatewayPort, settings.ProjectorPort, settings.SchedulerPort);
        Environment = settings.ForServices(Simulator.Address, Loopback(gatewayPort));
        Gateway = Create("services/Gateway", gatewayPort, Environment);
        Projector = Create("services/Projector", projectorPort, Environment);
        Scheduler = Create("services/Scheduler", schedulerPort, Environment);

        ServiceProcess Create(string directory, int port, IReadOnlyDictionary<string, string> variables) =>
            new(directory, logPrefix + Path.GetFileName(directory).ToLowerInvariant(), Loopback(port), variables, run);
    }

    /// <summary>The environment variables of the three services.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public ServiceProcess Simulator { get; }

    public ServiceProcess Gateway { get; }

    public ServiceProcess Projector { get; }

    public ServiceProcess Scheduler { get; }

    private ServiceProcess[] All => [Scheduler, Gateway, Projector, Simulator];

    /// <summary>
    /// An additional replica of a service, with settings that extend or replace the others. The caller starts and ends the replica.
    /// </summary>
    /// <param name="service">For instance <c>Gateway</c>.</param>
    public ServiceProcess Another(string service, params IEnumerable<KeyValuePair<string, string>> more) => new(
        $"services/{service}",
        $"{logPrefix}another-{service.ToLowerInvariant()}",
        Loopback(FreePort.Take()),
        more.Concat(Environment).DistinctBy(variable => variable.Key).ToDictionary(),
        run);

    /// <summary>Creates and starts all processes, and waits until they are ready.</summary>
    public static async Task<ServiceProcesses> StartAsync(ServiceSettings settings, RunDirectory run, CancellationToken cancellationToken)
    {
        var services = new ServiceProcesses(settings, run);
        try
        {
            await services.StartAsync(cancellationToken);
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts all processes, and waits until they are ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Simulator.StartAsync(cancellationToken);
        await Task.WhenAll(
            Gateway.StartAsync(cancellationToken), Projector.StartAsync(cancellationToken), Scheduler.StartAsync(cancellationToken));
    }

    /// <summary>Fails as soon as one of the processes ends by itself.</summary>
    public async Task FailWhenOneEndsAsync(CancellationToken cancellationToken) =>
        await await Task.WhenAny(All.Select(service => service.FailWhenItEndsAsync(cancellationToken)));

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(All.Select(service => service.DisposeAsync().AsTask()));

    private Uri Loopback(int port) => new($"http://{host}:{port}/");
}
