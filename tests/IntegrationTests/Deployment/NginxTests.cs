using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport.Network;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>nginx in front of the services, with its defaults: it buffers answers and requests.</summary>
[Collection(nameof(FreshSync))]
public sealed class NginxTests(FreshSync fresh) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly int port = FreePort.Take();
    private ChildProcess? nginx;
    private HttpClient? http;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var program = await SystemProgram.FindAsync("nginx", Console.WriteLine);
        Assert.SkipWhen(program is null, "needs nginx: apt-get install nginx");
        var (directory, services) = (Path.Combine(fresh.Shared.Run.Temporary, $"nginx-{port}"), fresh.Sync.Services);
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(file, $$"""
            daemon off; master_process off; pid {{directory}}/pid; error_log {{directory}}/error.log;
            events {}
            http {
              access_log off;
              client_body_temp_path {{directory}}/body; proxy_temp_path {{directory}}/proxy;
              fastcgi_temp_path {{directory}}/f; uwsgi_temp_path {{directory}}/u; scgi_temp_path {{directory}}/s;
              server {
                listen 127.0.0.1:{{port}};
                location /zoho/ { proxy_pass {{services.Gateway.Address}}zoho/; }
                location /leadsync/ { proxy_pass {{services.Scheduler.Address}}; }
                location / { proxy_pass {{services.Scheduler.Address.GetLeftPart(UriPartial.Authority)}}; }
              }
            }
            """, Stop);
        nginx = ChildProcess.Start($"nginx-{port}", new(program, ["-c", file, "-p", directory]), fresh.Shared.Run);
        await nginx.WaitUntilReadyAsync(
            async stop => await FreePort.AnswersAsync(port, stop) ? null : "it does not listen", Patience, Stop);
        http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
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

    [Fact]
    public async Task the_console_says_below_a_path_that_it_needs_the_root()
    {
        (await http!.GetStringAsync("/leadsync/", Stop)).ShouldContain("works at the root of a host name only");
    }
}
