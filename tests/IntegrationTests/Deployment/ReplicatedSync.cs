using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport.Network;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>Two processes of each service, as in the chart: the gateways behind a balancer, every process with time to drain.</summary>
internal sealed class ReplicatedSync : IAsyncDisposable
{
    private readonly OwnServers own;

    private ReplicatedSync(OwnServers own, SharedServers shared, int leads)
    {
        this.own = own;
        var settings = new ServiceSettings(own.Postgres, own.RabbitMq)
        {
            Leads = leads,
            More = new Dictionary<string, string>
            {
                ["Shutdown__Drain"] = "00:00:02",
                ["Simulator__DeliveriesRemembered"] = "1000000",
                // These tests do not measure how soon a busy machine answers.
                ["Simulator__DeliveryTimeout"] = "00:01:00",
            },
        };
        int[] gateways = [settings.GatewayPort, FreePort.Take()];
        Balancer = new Balancer(gateways);
        Simulator = new ServiceProcess(
            "tests/ZohoSimulator", "rolling-zohosimulator", Loopback(settings.SimulatorPort), settings.ForSimulator(), shared.Run);
        var environment = settings.ForServices(Simulator.Address, Loopback(Balancer.Port));
        Gateways = [Create("Gateway", gateways[0], 1), Create("Gateway", gateways[1], 2)];
        Projectors = [Create("Projector", settings.ProjectorPort, 1), Create("Projector", FreePort.Take(), 2)];
        Schedulers = [Create("Scheduler", settings.SchedulerPort, 1), Create("Scheduler", FreePort.Take(), 2)];
        Database = NpgsqlDataSource.Create(own.Postgres);

        ServiceProcess Create(string service, int port, int number) =>
            new($"services/{service}", $"rolling-{service.ToLowerInvariant()}-{number}", Loopback(port), environment, shared.Run);
    }

    public ServiceProcess Simulator { get; }

    public Balancer Balancer { get; }

    public ServiceProcess[] Gateways { get; }

    public ServiceProcess[] Projectors { get; }

    public ServiceProcess[] Schedulers { get; }

    public NpgsqlDataSource Database { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<ReplicatedSync> StartAsync(SharedServers shared, int leads)
    {
        var own = new OwnServers(shared);
        await own.InitializeAsync();
        var sync = new ReplicatedSync(own, shared, leads);
        try
        {
            await shared.InTurn(async () =>
            {
                await sync.Simulator.StartAsync(Stop);
                await Task.WhenAll(
                    ((ServiceProcess[])[.. sync.Gateways, .. sync.Projectors, .. sync.Schedulers])
                        .Select(replica => replica.StartAsync(Stop)));
            });
            await RunningSync.Until("the view is in sync", async () => (await sync.Status()).GetProperty("phase").GetString() == "in sync");
            return sync;
        }
        catch
        {
            await sync.DisposeAsync();
            throw;
        }
    }

    public async Task<JsonElement> Status() => await Schedulers[0].Http.GetFromJsonAsync<JsonElement>("/status", Stop);

    /// <summary>
    /// Ends a replica with SIGTERM, like Kubernetes, and starts it again. The balancer learns of the end only when the replica reports that
    /// it is no longer ready.
    /// </summary>
    /// <returns>The time from SIGTERM to the end.</returns>
    public async Task<TimeSpan> Restart(ServiceProcess replica)
    {
        var isGateway = Gateways.Contains(replica);
        var started = Stopwatch.GetTimestamp();
        var ending = replica.StopAsync();
        if (isGateway)
        {
            await RunningSync.Until($"{replica.Name} says that it is ending", () => IsUnready(replica));
            Balancer.Withdraw(replica.Address.Port);
        }

        await ending;
        var took = Stopwatch.GetElapsedTime(started);
        await replica.StartAsync(Stop);
        if (isGateway)
            Balancer.List(replica.Address.Port);
        return took;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Task.WhenAll(
            ((ServiceProcess[])[.. Gateways, .. Projectors, .. Schedulers, Simulator]).Select(replica => replica.DisposeAsync().AsTask()));
        await Balancer.DisposeAsync();
        await own.DisposeAsync();
    }

    private static async Task<bool> IsUnready(ServiceProcess replica)
    {
        using var answer = await replica.Http.GetAsync("/health/ready", Stop);
        return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
    }

    private static Uri Loopback(int port) => new($"http://127.0.0.1:{port}/");
}
