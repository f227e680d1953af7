using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.DevStack.Services;
using LeadSync.TestSupport.Network;
using Npgsql;

namespace LeadSync.Chaos.Stage;

/// <summary>
/// Everything that faults can strike: a private RabbitMQ and PostgreSQL, the simulated Zoho, and two replicas of each service. The second
/// replica runs only when a fault starts it. All traffic between services and to servers goes through a
/// <see cref="TcpProxy"/>.
/// </summary>
internal sealed class Stack : IAsyncDisposable
{
    private const string VirtualHost = "chaos";

    private readonly LocalInfrastructure infrastructure;

    private Stack(LocalInfrastructure infrastructure, ChaosOptions options, RunDirectory run)
    {
        this.infrastructure = infrastructure;
        // A pool's connections would not survive the faults of the server.
        Database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(infrastructure.Postgres.ConnectionString) { Pooling = false });
        var settings = new ServiceSettings(infrastructure.Postgres.ConnectionString, infrastructure.RabbitMq.AddressOf(VirtualHost))
        {
            Leads = options.Leads,
            More = new Dictionary<string, string>
            {
                ["Simulator__Seed"] = $"{options.Seed}",
                ["Simulator__DeliveriesRemembered"] = "1000000",
                ["Simulator__ChannelLifeCap"] = "00:00:30",
                ["Simulator__BulkPerPage"] = $"{(options.Leads / 2) + 1}",
                // Zoho would not allow the downloads of a comparison every half minute.
                ["Simulator__BulkDownloadsPerMinute"] = "1000",
            },
        };
        Simulator = new ServiceProcess(
            "tests/ZohoSimulator", "zohosimulator", Loopback(settings.SimulatorPort), settings.ForSimulator(), run);
        Zoho = new TcpProxy(settings.SimulatorPort);
        int[] gatewayPorts = [settings.GatewayPort, FreePort.Take()];
        Public = new TcpProxy(gatewayPorts);
        Internal = new TcpProxy(gatewayPorts);
        Gateways = [Create("Gateway", gatewayPorts[0], ""), Create("Gateway", gatewayPorts[1], "-2")];
        Projectors = [Create("Projector", settings.ProjectorPort, ""), Create("Projector", FreePort.Take(), "-2")];
        Schedulers = [Create("Scheduler", settings.SchedulerPort, ""), Create("Scheduler", FreePort.Take(), "-2")];

        Replica Create(string service, int port, string suffix)
        {
            var broker = new TcpProxy(settings.RabbitMq.Port);
            var address = new NpgsqlConnectionStringBuilder(settings.Postgres);
            var database = new TcpProxy(address.Port);
            address.Port = database.Port;
            var own = settings with
            {
                Postgres = address.ConnectionString, RabbitMq = new UriBuilder(settings.RabbitMq) { Port = broker.Port }.Uri
            };
            var environment = own.ForServices(Loopback(Zoho.Port), Loopback(Public.Port));
            environment["Gateway__InternalUrl"] = $"{Loopback(Internal.Port)}";
            return new(
                new ServiceProcess($"services/{service}", service.ToLowerInvariant() + suffix, Loopback(port), environment, run), broker,
                database);
        }
    }

    public ServiceProcess Simulator { get; }

    public Replica[] Gateways { get; }

    public Replica[] Projectors { get; }

    public Replica[] Schedulers { get; }

    /// <summary>The proxy between the gateways and Zoho.</summary>
    public TcpProxy Zoho { get; }

    /// <summary>The proxy between Zoho and the gateways.</summary>
    public TcpProxy Public { get; }

    /// <summary>The proxy between projectors and gateways.</summary>
    public TcpProxy Internal { get; }

    /// <summary>The database, without a proxy.</summary>
    public NpgsqlDataSource Database { get; }

    public ServerProcess Postgres => infrastructure.Postgres.Process!;

    public ServerProcess RabbitMq => infrastructure.RabbitMq.Process!;

    /// <summary>The first scheduler, which runs unless a fault ended it.</summary>
    public HttpClient Scheduler => Schedulers[0].Process.Http;

    public IEnumerable<Replica> Replicas => [.. Gateways, .. Projectors, .. Schedulers];

    /// <summary>Starts everything but the second replicas.</summary>
    public static async Task<Stack> StartAsync(
        ChaosOptions options, RunDirectory run, Action<string> report, CancellationToken cancellationToken)
    {
        var infrastructure = await LocalInfrastructure.StartOwnAsync(run, report, cancellationToken);
        report(await infrastructure.DescribeAsync(cancellationToken));
        var stack = new Stack(infrastructure, options, run);
        try
        {
            await infrastructure.RabbitMq.CreateVirtualHostAsync(VirtualHost, cancellationToken);
            await stack.Simulator.StartAsync(cancellationToken);
            await Task.WhenAll(stack.Firsts.Select(replica => replica.StartAsync(cancellationToken)));
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Removes every queue, exchange and message, and every connection with them.</summary>
    public async Task WipeBrokerAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        await infrastructure.RabbitMq.DeleteVirtualHostAsync(VirtualHost, cancellationToken);
        await Task.Delay(pause, TimeProvider.System, cancellationToken);
        await infrastructure.RabbitMq.CreateVirtualHostAsync(VirtualHost, cancellationToken);
    }

    /// <summary>The number of messages in each queue. The broker's figures are a few seconds old.</summary>
    public async Task<IReadOnlyDictionary<string, long>> MessagesAsync(CancellationToken cancellationToken)
    {
        using var management = new RabbitMqManagement(infrastructure.RabbitMq.Management!);
        return await management.MessagesAsync(VirtualHost, cancellationToken);
    }

    /// <summary>Dead letters, by queue.</summary>
    public async Task<IReadOnlyDictionary<string, long>> DeadLettersAsync(CancellationToken cancellationToken) =>
        (await MessagesAsync(cancellationToken)).Where(queue => IsDead(queue.Key) && queue.Value > 0).ToDictionary();

    public static bool IsDead(string queue) =>
        queue.EndsWith("_error", StringComparison.Ordinal) || queue.EndsWith("_skipped", StringComparison.Ordinal);

    /// <summary>
    /// Undoes every fault: servers run, gates are open, and of each service the first replica is ready and the second does not run.
    /// </summary>
    public async Task HealAsync(CancellationToken cancellationToken)
    {
        foreach (var server in new[] { Postgres, RabbitMq })
        {
            if (!server.IsRunning)
                await server.StartAsync(cancellationToken);
        }

        foreach (var proxy in Replicas.SelectMany(replica => new[] { replica.Broker, replica.Database }).Append(Public)
            .Append(Internal).Append(Zoho))
        {
            proxy.ToServer.Open();
            proxy.ToClient.Open();
        }

        await Task.WhenAll(Firsts.Where(replica => !replica.IsUp).Select(replica => replica.StartAsync(cancellationToken)));
        await Task.WhenAll(Replicas.Except(Firsts).Where(replica => replica.IsUp).Select(replica => replica.StopAsync()));
        await Task.WhenAll(
            Firsts.Where(replica => !replica.EndedByItself).Select(replica => replica.Process.WaitUntilReadyAsync(cancellationToken)));
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Task.WhenAll(Replicas.Select(replica => replica.DisposeAsync().AsTask()).Append(Simulator.DisposeAsync().AsTask()));
        await Zoho.DisposeAsync();
        await Public.DisposeAsync();
        await Internal.DisposeAsync();
        await infrastructure.DisposeAsync();
    }

    private IEnumerable<Replica> Firsts => [Gateways[0], Projectors[0], Schedulers[0]];

    private static Uri Loopback(int port) => new($"http://127.0.0.1:{port}/");
}
