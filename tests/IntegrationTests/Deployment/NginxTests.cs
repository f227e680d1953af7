using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>nginx in front of the services, with its defaults: it buffers answers and requests.</summary>
[Collection(nameof(FreshSync))]
public sealed class NginxTests(FreshSync fresh) : IAsyncLifetime
{
    private Nginx? nginx;
    private HttpClient? http;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var services = fresh.Sync.Services;
        nginx = await Nginx.StartAsync(fresh.Shared.Run, $$"""
            location /zoho/ { proxy_pass {{services.Gateway.Address}}zoho/; client_max_body_size 32m; }
            location /leadsync/ { proxy_pass {{services.Scheduler.Address}}; }
            location / { proxy_pass {{services.Scheduler.Address.GetLeftPart(UriPartial.Authority)}}; }
            """, Stop);
        http = new HttpClient { BaseAddress = nginx.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", FreshSync.ReadToken);
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (nginx is not null)
            await nginx.DisposeAsync();
    }

    [Fact]
    public async Task the_consoles_events_arrive_at_once()
    {
        using var answer = await http!.GetAsync("/console/events", HttpCompletionOption.ResponseHeadersRead, Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync(Stop));

        // nginx would buffer 4 KB, and the answer never ends.
        (await events.ReadLineAsync(Stop)).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task zohos_calls_arrive_with_a_length_or_in_chunks()
    {
        var channel = await fresh.Channel();
        var body = JsonSerializer.Serialize(new
        {
            module = "Leads", ids = new[] { "5725767000003000064" }, operation = "update", channel_id = channel.Id, token = channel.Token,
        });
        foreach (var isChunked in (bool[])[false, true])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(http!.BaseAddress!, channel.Address).PathAndQuery)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            request.Headers.TransferEncodingChunked = isChunked;
            (await http!.SendAsync(request, Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    /// <summary>The notification of a mass update is larger than nginx's default of 1 MB.</summary>
    [Fact]
    public async Task a_large_notification_arrives_with_the_documented_setting_and_an_encoded_one_is_a_gap()
    {
        var channel = await fresh.Channel();
        var body = JsonSerializer.SerializeToUtf8Bytes(new
        {
            module = "Leads", ids = new[] { "5725767000003000064" }, operation = "update", channel_id = channel.Id, token = channel.Token,
            more = new string('x', 2 * 1024 * 1024),
        });

        (await Post(new ByteArrayContent(body))).ShouldBe(HttpStatusCode.OK);

        using var encoded = new MemoryStream();
        await using (var gzip = new GZipStream(encoded, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(body, Stop);
        var before = await Gaps();
        using var content = new ByteArrayContent(encoded.ToArray()) { Headers = { ContentEncoding = { "gzip" } } };
        (await Post(content)).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        await RunningSync.Until("the refused notification is a gap", async () => await Gaps() > before);
        await fresh.Sync.InSync();

        async Task<long> Gaps() => (long)(await fresh.Sync.Value(
            "select count(*) from scheduler.mt_events where type = 'gap_detected' and data ->> 'Kind' = 'Refused'"))!;

        async Task<HttpStatusCode> Post(ByteArrayContent content)
        {
            content.Headers.ContentType = new("application/json");
            using var answer = await http!.PostAsync(new Uri(http.BaseAddress!, new Uri(channel.Address).PathAndQuery), content, Stop);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task the_console_says_below_a_path_that_it_needs_the_root()
    {
        (await http!.GetStringAsync("/leadsync/", Stop)).ShouldContain("works at the root of a host name only");
    }
}
