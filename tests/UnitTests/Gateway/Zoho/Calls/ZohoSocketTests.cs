using System.Net;
using System.Net.Sockets;
using System.Text;
using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.ServiceDefaults.Network;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace LeadSync.UnitTests.Gateway.Zoho.Calls;

/// <summary>The gateway's own HTTP handler, with servers that break the protocol.</summary>
public sealed class ZohoSocketTests : IDisposable
{
    private const string Headers = "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 100\r\n";

    private readonly FakeTimeProvider laneTime = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public ZohoSocketTests() => listener.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Here => $"{listener.LocalEndpoint}";

    [Fact]
    public async Task a_closed_port_is_an_outage_that_costs_nothing()
    {
        var address = $"http://{Here}";
        listener.Stop();

        (await Fails(address)).ShouldBe((ZohoErrorKind.Unavailable, 0));
    }

    [Fact]
    public async Task a_name_that_dns_does_not_know_is_an_outage_that_costs_nothing()
    {
        Assert.SkipWhen(Outward.Proxy.GetProxy(new Uri("http://x.invalid")) is not null, "This machine's proxy looks names up.");

        (await Fails("http://x.invalid")).ShouldBe((ZohoErrorKind.Unavailable, 0));
    }

    [Fact]
    public async Task a_server_without_tls_is_an_outage_that_costs_nothing()
    {
        _ = Answer("HTTP/1.1 400 Bad Request\r\n\r\n");

        (await Fails($"https://{Here}")).ShouldBe((ZohoErrorKind.Unavailable, 0));
    }

    [Fact]
    public async Task a_connection_that_ends_before_the_answer_is_an_outage_that_costs_nothing()
    {
        _ = Answer("");

        (await Fails($"http://{Here}")).ShouldBe((ZohoErrorKind.Unavailable, 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Transfer-Encoding: chunked\r\n")]
    public async Task an_answer_that_breaks_off_is_an_outage(string header)
    {
        _ = Answer($"{Headers}{header}\r\n{{\"data\":[");

        (await Fails($"http://{Here}")).Kind.ShouldBe(ZohoErrorKind.Unavailable);
    }

    [Fact]
    public async Task an_answer_that_is_not_compressed_as_it_says_is_an_outage()
    {
        _ = Answer($"{Headers}Content-Encoding: gzip\r\n\r\n{new string('x', 100)}");

        (await Fails($"http://{Here}")).Kind.ShouldBe(ZohoErrorKind.Unavailable);
    }

    [Fact]
    public async Task an_answer_that_stalls_is_an_outage_after_the_time_of_an_attempt()
    {
        var answered = Answer($"{Headers}\r\n{{\"data\":[", thenSilence: true);
        var call = Fails($"http://{Here}");
        using var client = await answered;

        while (!call.IsCompleted)
        {
            laneTime.Advance(TimeSpan.FromSeconds(10));
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop));
        }

        (await call).Kind.ShouldBe(ZohoErrorKind.Unavailable);
        laneTime.GetUtcNow().ShouldBeGreaterThanOrEqualTo(laneTime.Start + TimeSpan.FromSeconds(30));
    }

    public void Dispose() => listener.Dispose();

    // The creation of a job: the most expensive call, and one that is not repeated.
    private async Task<(ZohoErrorKind Kind, long Credits)> Fails(string address)
    {
        var options = new ZohoOptions
        {
            AccountsUrl = new Uri("https://accounts.test"),
            ApiUrl = new Uri(address),
            ClientId = "client",
            ClientSecret = "secret",
            RefreshToken = "refresh",
        };
        await using var services = new ServiceCollection().AddSingleton(options).AddSingleton(TimeProvider.System).AddZohoAccess()
            .BuildServiceProvider();
        var zoho = new StubHttp { Options = options, Wire = services.GetRequiredService<ZohoWire>(), LaneTime = laneTime };

        var failure = await Should.ThrowAsync<ZohoException>(
            () => zoho.BulkReads.CreateBulkJob(new BulkQuery(1, null, [], null, null), Stop));

        return (failure.Kind, zoho.Credits.Take());
    }

    /// <returns>The connection, on which nothing more is sent. Without <paramref name="thenSilence"/> it is reset.</returns>
    private async Task<Socket> Answer(string answer, bool thenSilence = false)
    {
        var client = await listener.AcceptSocketAsync(Stop);
        await client.ReceiveAsync(new byte[4096], Stop);
        await client.SendAsync(Encoding.ASCII.GetBytes(answer), Stop);
        if (!thenSilence)
        {
            client.LingerState = new LingerOption(enable: true, seconds: 0);
            client.Close();
        }

        return client;
    }
}
