using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Cli;
using LeadSync.IntegrationTests.Sync;
using LeadSync.IntegrationTests.Telemetry;
using LeadSync.ServiceDefaults.Network;
using LeadSync.TestSupport;
using LeadSync.TestSupport.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>Customers' networks: private authorities, proxies, addresses that lead nowhere.</summary>
[Collection(nameof(FreshSync))]
public sealed class CustomersNetworkTests(FreshSync fresh)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => fresh.Sync;

    [Fact]
    public async Task broker_and_database_may_have_certificates_of_an_authority_that_their_addresses_name()
    {
        await using var tls = new PrivateTls(Path.Combine(fresh.Shared.Run.Temporary, $"tls-{Guid.NewGuid():n}"));
        var settings = Stores(tls);
        settings["ConnectionStrings__Postgres"] += $";Root Certificate={tls.AuthorityFile}";
        settings["ConnectionStrings__RabbitMq"] += $"&cacertfile={tls.AuthorityFile}";
        settings["SSL_CERT_DIR"] = "/etc/ssl/certs";
        await using var scheduler = Sync.Services.Another("Scheduler", settings);
        await scheduler.StartAsync(Stop);

        await RunningSync.Until(
            "the bus and a connection apart from it have shown their certificates", () => Task.FromResult(tls.Shown >= 2));
        (await scheduler.Http.GetAsync("/health/ready", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The authority's certificate is mounted, and every program trusts it besides the public ones.</summary>
    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task everything_that_the_programs_call_may_have_certificates_of_a_private_authority()
    {
        var directory = Path.Combine(fresh.Shared.Run.Temporary, $"tls-{Guid.NewGuid():n}");
        await using var tls = new PrivateTls(directory);
        await using var collector = await OtlpReceiver.StartAsync();
        var settings = Stores(tls);
        foreach (var (key, value) in collector.Settings)
            settings[key] = value;
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = Encrypted(new Uri(settings["OTEL_EXPORTER_OTLP_ENDPOINT"]));
        settings["Zoho__AccountsUrl"] = settings["Zoho__ApiUrl"] = Encrypted(Sync.Services.Simulator.Address);
        settings["SSL_CERT_DIR"] = $"/etc/ssl/certs:{directory}";
        await using var services = await Replicas.StartAsync(Sync.Services, settings);

        (await services.Gateway.Http.GetAsync("/fields", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK, "Zoho has answered");
        foreach (var service in (string[])["gateway", "projector", "scheduler"])
            await RunningSync.Until($"the collector has metrics of the {service}", () => Task.FromResult(collector.HasMetric(service)));
        settings["Gateway__PublicUrl"] = Encrypted(services.Gateway.Address);
        var doctor = await CommandLine.RunExecutable(services.Environment(settings), "doctor", "--json");
        foreach (var code in (string[])["LS101", "LS106", "LS152", "LS201", "LS204", "LS301", "LS308"])
            Outcomes(doctor)[code].ShouldBe("ok", $"{code}: {doctor.Output}");
        Outcomes(doctor)["LS153"].ShouldBe("warning", "Zoho does not trust this authority");

        string Encrypted(Uri address) => $"https://localhost:{tls.InFrontOfWeb(address.Port)}";
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task only_calls_to_zoho_go_through_the_proxy_of_the_environment()
    {
        await using var proxy = await ForwardingProxy.StartAsync(Sync.Services.Simulator.Address);
        await using var receiver = await OtlpReceiver.StartAsync();
        var settings = receiver.Settings.ToDictionary(setting => setting.Key, setting => setting.Value);
        settings["HTTP_PROXY"] = proxy.Address;
        settings["NO_PROXY"] = "10.0.0.0/8,*.svc.cluster.local";
        // Only the proxy knows this name.
        settings["Zoho__AccountsUrl"] = settings["Zoho__ApiUrl"] = "http://zoho.example.org";
        await using var services = await Replicas.StartAsync(Sync.Services, settings);

        (await services.Gateway.Http.GetAsync("/fields", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var status = await CommandLine.RunExecutable(services.Environment(settings), "status");
        var doctor = await CommandLine.RunExecutable(services.Environment(settings), "doctor", "--json");

        status.Error.ShouldBeEmpty();
        foreach (var code in (string[])["LS101", "LS106", "LS152", "LS155", "LS161"])
            Outcomes(doctor)[code].ShouldBe("ok", $"{code}: {doctor.Output}");
        foreach (var service in (string[])["gateway", "projector", "scheduler"])
            await RunningSync.Until($"the collector has metrics of the {service}", () => Task.FromResult(receiver.HasMetric(service)));
        proxy.Asked.ShouldContain(path => path.StartsWith("/crm/", StringComparison.Ordinal));
        proxy.Asked.ShouldAllBe(path =>
            path.StartsWith("/crm/", StringComparison.Ordinal) || path.StartsWith("/oauth/", StringComparison.Ordinal));
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_sync_needs_no_ipv4()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "needs IPv6 on this machine");
        await using var own = new OwnServers(fresh.Shared);
        await own.InitializeAsync();
        var postgres = new NpgsqlConnectionStringBuilder(own.Postgres);
        await using var wayToPostgres = TcpProxy.OverIpv6(postgres.Port);
        await using var wayToRabbitMq = TcpProxy.OverIpv6(own.RabbitMq.Port);
        (postgres.Host, postgres.Port) = ("::1", wayToPostgres.Port);
        var rabbitMq = new UriBuilder(own.RabbitMq) { Host = "[::1]", Port = wayToRabbitMq.Port }.Uri;
        await using var services = await ServiceProcesses.StartAsync(
            new(postgres.ConnectionString, rabbitMq) { Leads = 300, Host = "[::1]" }, fresh.Shared.Run, Stop);
        var here = services.Environment.Append(new("LEADSYNC_URL", $"{services.Scheduler.Address}")).ToDictionary();

        (await CommandLine.Run(here, "status", "--wait")).ExitCode.ShouldBe(0);
        await ShouldShowANewLead(services, own.Postgres);
        (await CommandLine.Run(here, "doctor")).ShouldSatisfyAllConditions(doctor => doctor.ExitCode.ShouldBe(0, doctor.Output));
    }

    [Fact]
    public async Task an_address_that_drops_all_packets_costs_no_timeout()
    {
        await using var dead = new TcpProxy(1);
        await dead.DropAsync();
        using var live = new TcpListener(IPAddress.Parse("127.0.0.2"), dead.Port);
        live.Start();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var connected = await Outward.Connect([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")], dead.Port, patience.Token);

        ((IPEndPoint)connected.RemoteEndPoint!).Address.ShouldBe(IPAddress.Parse("127.0.0.2"));
    }

    [Fact]
    public async Task a_connection_fails_when_no_address_answers()
    {
        var port = FreePort.Take();

        await Should.ThrowAsync<SocketException>(() =>
            Outward.Connect([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")], port, Stop));
    }

    /// <summary>A notification brings a new lead, without a catch-up.</summary>
    internal static async Task ShouldShowANewLead(ServiceProcesses services, string postgres)
    {
        await using var database = NpgsqlDataSource.Create(postgres);
        var order = new { count = 1, values = new { City = "Nowhere" } };
        using var answer = await services.Simulator.Http.PostAsJsonAsync(
            "/control/leads/create", order, JsonSerializerOptions.Default, Stop);
        answer.EnsureSuccessStatusCode();
        await RunningSync.Until("the new lead is in the view", async () =>
        {
            await using var command = database.CreateCommand("select count(*) from legacy.leads where city = 'Nowhere'");
            return await command.ExecuteScalarAsync(Stop) is 1L;
        });
    }

    private static Dictionary<string, string?> Outcomes(CommandResult doctor) => doctor.Json.GetProperty("findings").EnumerateArray()
        .ToDictionary(finding => finding.GetProperty("code").GetString()!, finding => finding.GetProperty("outcome").GetString());

    /// <returns>The addresses of the database and the broker with TLS in front; the broker asks for a client's certificate.</returns>
    private Dictionary<string, string> Stores(PrivateTls tls)
    {
        var postgres = new NpgsqlConnectionStringBuilder(Sync.Services.Environment["ConnectionStrings__Postgres"]);
        (postgres.Host, postgres.Port, postgres.SslMode) = ("localhost", tls.InFrontOfPostgres(postgres.Port), SslMode.VerifyFull);
        var rabbitMq = new UriBuilder(Sync.Services.Environment["ConnectionStrings__RabbitMq"]) { Scheme = "amqps", Host = "localhost" };
        (rabbitMq.Port, rabbitMq.Query) = (tls.InFrontOf(rabbitMq.Port), $"certfile={tls.CertificateFile}&keyfile={tls.KeyFile}");
        return new() { ["ConnectionStrings__Postgres"] = postgres.ConnectionString, ["ConnectionStrings__RabbitMq"] = $"{rabbitMq.Uri}" };
    }

    /// <summary>One more replica of each service, in another network than the running ones.</summary>
    private sealed record Replicas(ServiceProcesses Others, ServiceProcess Gateway, ServiceProcess Projector, ServiceProcess Scheduler)
        : IAsyncDisposable
    {
        public static async Task<Replicas> StartAsync(ServiceProcesses services, Dictionary<string, string> settings)
        {
            var gateway = services.Another("Gateway", settings);
            var inside = settings.Append(new("Gateway__InternalUrl", $"{gateway.Address}"));
            var replicas = new Replicas(
                services, gateway, services.Another("Projector", inside), services.Another("Scheduler", settings));
            try
            {
                await Task.WhenAll(
                    gateway.StartAsync(Stop), replicas.Projector.StartAsync(Stop), replicas.Scheduler.StartAsync(Stop));
                return replicas;
            }
            catch
            {
                await replicas.DisposeAsync();
                throw;
            }
        }

        /// <summary>The environment of the command line in this network.</summary>
        public Dictionary<string, string> Environment(Dictionary<string, string> settings) => settings
            .Append(new("LEADSYNC_URL", $"{Scheduler.Address}")).Append(new("Gateway__InternalUrl", $"{Gateway.Address}"))
            .Concat(Others.Environment).DistinctBy(variable => variable.Key).ToDictionary();

        public async ValueTask DisposeAsync()
        {
            foreach (var service in (ServiceProcess[])[Scheduler, Projector, Gateway])
                await service.DisposeAsync();
        }
    }

    /// <summary>A company's HTTP proxy, which finds Zoho by any name.</summary>
    private sealed class ForwardingProxy : IAsyncDisposable
    {
        private readonly WebApplication app;
        private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
        private readonly ConcurrentQueue<string> asked = [];
        private readonly Uri behind;

        private ForwardingProxy(Uri behind)
        {
            this.behind = behind;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            app = builder.Build();
            app.Run(Forward);
        }

        public string Address => app.Urls.Single();

        public IReadOnlyCollection<string> Asked => asked;

        public static async Task<ForwardingProxy> StartAsync(Uri behind)
        {
            var proxy = new ForwardingProxy(behind);
            await proxy.app.StartAsync(Stop);
            return proxy;
        }

        public async ValueTask DisposeAsync()
        {
            http.Dispose();
            await app.DisposeAsync();
        }

        private async Task Forward(HttpContext context)
        {
            asked.Enqueue(context.Request.Path);
            var target = new Uri(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
            using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(behind, target.PathAndQuery));
            if (context.Request.ContentLength > 0)
            {
                request.Content = new StreamContent(context.Request.Body);
                request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            }

            request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers.Authorization.ToString());
            using var answer = await http.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
    }
}
