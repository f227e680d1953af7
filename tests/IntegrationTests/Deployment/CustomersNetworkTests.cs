using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using LeadSync.IntegrationTests.Sync;
using LeadSync.IntegrationTests.Telemetry;
using LeadSync.ServiceDefaults.Network;
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task broker_and_database_may_have_certificates_of_a_private_authority(bool isMounted)
    {
        var directory = Path.Combine(fresh.Shared.Run.Temporary, $"tls-{Guid.NewGuid():n}");
        await using var tls = new PrivateTls(directory);
        var direct = Sync.Services.Environment;
        var postgres = new NpgsqlConnectionStringBuilder(direct["ConnectionStrings__Postgres"]);
        (postgres.Host, postgres.Port, postgres.SslMode) = ("localhost", tls.InFrontOfPostgres(postgres.Port), SslMode.VerifyFull);
        var rabbitMq = new UriBuilder(direct["ConnectionStrings__RabbitMq"]) { Scheme = "amqps" };
        (rabbitMq.Host, rabbitMq.Port) = ("localhost", tls.InFrontOf(rabbitMq.Port));
        rabbitMq.Query = $"certfile={tls.CertificateFile}&keyfile={tls.KeyFile}";
        // Either the machine trusts the authority, or the connection strings name the authority.
        if (!isMounted)
        {
            postgres.RootCertificate = tls.AuthorityFile;
            rabbitMq.Query += $"&cacertfile={tls.AuthorityFile}";
        }

        await using var scheduler = Sync.Services.Another(
            "Scheduler",
            KeyValuePair.Create("SSL_CERT_DIR", isMounted ? $"/etc/ssl/certs:{directory}" : "/etc/ssl/certs"),
            KeyValuePair.Create("ConnectionStrings__Postgres", postgres.ConnectionString),
            KeyValuePair.Create("ConnectionStrings__RabbitMq", rabbitMq.Uri.ToString()));
        await scheduler.StartAsync(Stop);

        await RunningSync.Until(
            "the bus and a connection apart from it have shown their certificates", () => Task.FromResult(tls.Shown >= 2));
        (await scheduler.Http.GetAsync("/health/ready", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task only_calls_to_zoho_go_through_the_proxy_of_the_environment()
    {
        await using var proxy = await ForwardingProxy.StartAsync();
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var gateway = Sync.Services.Another("Gateway", [
            KeyValuePair.Create("HTTP_PROXY", proxy.Address),
            KeyValuePair.Create("NO_PROXY", "10.0.0.0/8,*.svc.cluster.local"),
            .. receiver.Settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)),
        ]);
        await gateway.StartAsync(Stop);

        (await gateway.Http.GetAsync("/fields", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);

        proxy.Asked.ShouldContain(path => path.StartsWith("/crm/", StringComparison.Ordinal));
        await RunningSync.Until(
            "the collector has metrics of the gateway", () => Task.FromResult(receiver.HasMetric("http.server.request.duration")));
        proxy.Asked.ShouldAllBe(path =>
            path.StartsWith("/crm/", StringComparison.Ordinal) || path.StartsWith("/oauth/", StringComparison.Ordinal));
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

    /// <summary>A company's HTTP proxy.</summary>
    private sealed class ForwardingProxy : IAsyncDisposable
    {
        private readonly WebApplication app;
        private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
        private readonly ConcurrentQueue<string> asked = [];

        private ForwardingProxy()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            app = builder.Build();
            app.Run(Forward);
        }

        public string Address => app.Urls.Single();

        public IReadOnlyCollection<string> Asked => asked;

        public static async Task<ForwardingProxy> StartAsync()
        {
            var proxy = new ForwardingProxy();
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
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            using var request = new HttpRequestMessage(new(context.Request.Method), target);
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
