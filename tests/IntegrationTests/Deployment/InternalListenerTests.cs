using System.Net;
using System.Text;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport.Network;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>A gateway with a port for Zoho and a port for the other services.</summary>
public sealed class TwoPorts : IAsyncLifetime
{
    private readonly ServiceProcess gateway;

    public TwoPorts(FreshSync fresh) => gateway = fresh.Sync.Services.Another(
        "Gateway", KeyValuePair.Create("Gateway__InternalUrls", $"http://127.0.0.1:{Inside}"));

    public int Inside { get; } = FreePort.Take();

    public HttpClient Outside => gateway.Http;

    public ValueTask InitializeAsync() => new(gateway.StartAsync(TestContext.Current.CancellationToken));

    public ValueTask DisposeAsync() => gateway.DisposeAsync();
}

/// <summary>The port that Zoho calls serves nothing that shows leads or costs credits.</summary>
[Collection(nameof(FreshSync))]
public sealed class InternalListenerTests(FreshSync fresh, TwoPorts gateway) : IClassFixture<TwoPorts>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task each_listener_serves_its_own_paths_and_both_serve_health()
    {
        using var inside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.Inside}/") };
        var outside = gateway.Outside;

        foreach (var path in (string[])["/fields", "/FIELDS/", "/metrics"])
        {
            (await Status(outside, path)).ShouldBe(HttpStatusCode.NotFound, path);
            (await Status(inside, path)).ShouldBe(HttpStatusCode.OK, path);
        }

        (await Status(outside, "/bulk-reads/1")).ShouldBe(HttpStatusCode.NotFound);
        (await Text(outside, "/bulk-reads/1")).ShouldBeEmpty();
        (await Text(inside, "/bulk-reads/1")).ShouldNotBeEmpty("Zoho is asked, and knows no such job");
        // The Host header does not say at which port a request arrived.
        using var forged = new HttpRequestMessage(HttpMethod.Get, "/fields") { Headers = { Host = $"127.0.0.1:{gateway.Inside}" } };
        (await outside.SendAsync(forged, Stop)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await Notify(outside)).ShouldBe(HttpStatusCode.Unauthorized);
        (await Notify(inside)).ShouldBe(HttpStatusCode.NotFound);
        foreach (var client in (HttpClient[])[inside, outside])
            (await Status(client, "/health/ready")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_rebound_host_name_reads_nothing_of_the_gateway()
    {
        using var inside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.Inside}/") };
        foreach (var client in (HttpClient[])[inside, fresh.Sync.Services.Gateway.Http])
        {
            foreach (var path in (string[])["/fields", "/bulk-reads/1", "/metrics"])
            {
                using var rebound = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "rebound.example" } };
                using var answer = await client.SendAsync(rebound, Stop);
                answer.StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest, path);
                (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("Access__Hosts");
            }

            using var named = new HttpRequestMessage(HttpMethod.Get, "/fields") { Headers = { Host = "localhost" } };
            (await client.SendAsync(named, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        // Zoho reaches the gateway under the name of a tunnel or proxy.
        using var zohos = new HttpRequestMessage(HttpMethod.Post, "/zoho/notifications")
        {
            Headers = { Host = "tunnel.example" }, Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        (await gateway.Outside.SendAsync(zohos, Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<HttpStatusCode> Status(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Stop);
        return answer.StatusCode;
    }

    private static async Task<string> Text(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Stop);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    private static async Task<HttpStatusCode> Notify(HttpClient client)
    {
        using var body = new StringContent("""{"token":"forged"}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/zoho/notifications", body, Stop);
        return answer.StatusCode;
    }
}
