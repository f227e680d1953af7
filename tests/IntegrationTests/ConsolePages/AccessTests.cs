using System.Diagnostics;
using System.Net;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Deployment;
using LeadSync.TestSupport;
using LeadSync.TestSupport.Network;
using Microsoft.Playwright;

using static Microsoft.Playwright.Assertions;

namespace LeadSync.IntegrationTests.ConsolePages;

/// <summary>Who may start actions by HTTP.</summary>
[Collection(nameof(OpenConsole))]
public sealed class AccessTests(OpenConsole console)
{
    private static readonly Dictionary<string, string> WithToken = new()
    {
        ["Console__ActionToken"] = "a-long-random-text",
        ["Access__ReadToken"] = "another-long-random-text",
        ["Access__TrustLoopback"] = "false",
    };

    // Copies bytes between a port and another.
    private const string Forwarder = """
        my $from = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], Listen => 9) or die;
        $| = 1; print "ready\n";
        while (my $client = $from->accept) {
            my $server = IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ARGV[1]") or die;
            copy($client, $server) unless fork;
            copy($server, $client) unless fork;
        }
        sub copy {
            my ($in, $out) = @_;
            while (sysread $in, my $bytes, 65536) { syswrite $out, $bytes }
            shutdown $out, 1;
            exit;
        }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.Accepted)]
    [InlineData(HttpStatusCode.Accepted, "X-LeadSync-Console", "1", "Sec-Fetch-Site", "same-origin")]
    [InlineData(HttpStatusCode.Forbidden, "Sec-Fetch-Site", "same-origin")]
    [InlineData(HttpStatusCode.Forbidden, "X-LeadSync-Console", "1", "Sec-Fetch-Site", "cross-site")]
    [InlineData(HttpStatusCode.Forbidden, "X-LeadSync-Console", "1", "Origin", "https://elsewhere.example")]
    [InlineData(HttpStatusCode.MisdirectedRequest, "Host", "rebound.example")]
    [InlineData(HttpStatusCode.Forbidden, "X-Forwarded-For", "203.0.113.7")]
    [InlineData(HttpStatusCode.Forbidden, "Via", "1.1 proxy")]
    [InlineData(HttpStatusCode.Forbidden, "X-LeadSync-Console", "1", "Sec-Fetch-Site", "same-origin", "Origin", "http://console.example")]
    public async Task a_trusted_machine_starts_actions_without_a_token_and_other_sites_do_not(
        HttpStatusCode expected, params string[] headers) =>
        (await Post(console.Sync.Services.Scheduler, headers)).StatusCode.ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("proxy_http_version 1.1; proxy_set_header Connection '';")]
    public async Task a_trusted_machine_does_not_trust_the_proxy_that_runs_on_it(string newDefaults)
    {
        // With only proxy_pass, nginx adds no header and names the upstream as host. Before 1.29.7 it speaks HTTP/1.0.
        Assert.SkipUnless(newDefaults.Length == 0 || Environment.IsPrivilegedProcess, "needs root, as which nginx gets a user of its own");
        var scheduler = console.Sync.Services.Scheduler;
        await using var nginx = await Nginx.StartAsync(
            console.Shared.Run, $"location / {{ proxy_pass {scheduler.Address}; {newDefaults} }}", Stop);
        using var http = new HttpClient { BaseAddress = nginx.Address };
        (HttpMethod, string)[] requests = [(HttpMethod.Post, "/catch-up"), (HttpMethod.Get, "/log"), (HttpMethod.Get, "/")];
        foreach (var (method, path) in requests)
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await http.SendAsync(request, Stop);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            (await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("no proxies");
        }

        (await http.GetAsync("/status", Stop)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>A forwarder of bytes adds nothing by which a service could know it, except that another user runs it.</summary>
    [Fact]
    public async Task a_trusted_machine_does_not_trust_a_tcp_forwarder_of_another_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root, to run a program as another user");
        var port = FreePort.Take();
        using var forwarder = Process.Start(new ProcessStartInfo("setpriv",
            ["--reuid", "nobody", "--clear-groups", "perl", "-MIO::Socket::INET", "-e", Forwarder, $"{port}",
                $"{console.Sync.Services.Scheduler.Address.Port}"]) { RedirectStandardOutput = true })!;
        try
        {
            (await forwarder.StandardOutput.ReadLineAsync(Stop)).ShouldBe("ready");
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

            (await http.PostAsync("/catch-up", null, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            (await http.GetAsync("/log", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }
        finally
        {
            forwarder.Kill(entireProcessTree: true);
            await forwarder.WaitForExitAsync(Stop);
        }
    }

    /// <summary>The limit that README.md states: such a program looks like one of the operator's own.</summary>
    [Fact]
    public async Task a_trusted_machine_trusts_a_tcp_forwarder_of_its_own_user()
    {
        await using var forwarder = new TcpProxy(console.Sync.Services.Scheduler.Address.Port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{forwarder.Port}") };

        (await http.PostAsync("/catch-up", null, Stop)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task with_a_token_another_replica_shows_the_same_and_accepts_actions_only_with_it()
    {
        await using var replica = console.Sync.Services.Another("Scheduler", WithToken);
        await replica.StartAsync(Stop);

        var refused = await Post(replica);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await refused.Content.ReadAsStringAsync(Stop)).ShouldContain("Access__ActionToken");
        (await Post(replica, "Authorization", "Bearer guessed")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Post(replica, "Authorization", "Bearer a-long-random-text")).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        await using var page = await console.OpenAsync($"{replica.Address}", mayComplain: "401");
        await page.Page.GetByLabel("Token").FillAsync("guessed-and-long-enough");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("That is neither the read token nor the action token.");
        await page.Page.GetByLabel("Token").FillAsync("another-long-random-text");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("In sync");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Catch up now" }).ClickAsync();
        var dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Catch up now?" });
        await dialog.GetByLabel("Action token").FillAsync("guessed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Catch up" }).ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToHaveTextAsync("That is not the action token.");
        await dialog.GetByLabel("Action token").FillAsync("a-long-random-text");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Catch up" }).ClickAsync();
        await Expect(page.Page.Locator("#notice")).ToHaveTextAsync("A catch-up was requested.");
    }

    [Fact]
    public async Task by_default_nobody_reads_leads_or_starts_actions_through_any_proxy()
    {
        await using var closed = console.Sync.Services.Another(
            "Scheduler", new Dictionary<string, string> { ["Access__TrustLoopback"] = "false" });
        await closed.StartAsync(Stop);
        // nginx with only proxy_pass: the upstream's address as host, HTTP/1.0, and no header that names the proxy.
        string[][] ways = [[], ["Host", $"127.0.0.1:{closed.Address.Port}", "Connection", "close"], ["Host", "localhost"]];
        foreach (var way in ways)
        {
            (await Post(closed, way)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            foreach (var path in (
                string[])["/", "/leads?text=example", "/console/data/leads?text=example", "/parked", "/log", "/alerts",
                "/console/fields", "/console/events", "/full-comparison/held"])
                (await Get(closed, path, way)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            foreach (var path in (string[])["/status", "/health/ready", "/metrics", "/runbooks"])
                (await Get(closed, path, way)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }

        await using var forwarder = new TcpProxy(closed.Address.Port);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{forwarder.Port}") };
        (await http.PostAsync("/catch-up", null, Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await http.GetAsync("/log", Stop)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await Get(closed, "/status", "Host", "rebound.example")).StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
    }

    [Fact]
    public async Task the_projector_shows_leads_to_nobody_without_a_token()
    {
        await using var closed = console.Sync.Services.Another("Projector", WithToken);
        await closed.StartAsync(Stop);
        var id = (string)(await console.Sync.Value("select id from legacy.leads limit 1"))!;

        (await Get(closed, $"/leads/{id}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await Get(closed, $"/leads/{id}", "Authorization", "Bearer another-long-random-text")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task a_caller_who_guesses_tokens_has_to_wait_and_locks_nobody_out()
    {
        await using var replica = console.Sync.Services.Another("Scheduler", WithToken);
        await replica.StartAsync(Stop);
        for (var guess = 0; guess < 10; guess++)
            (await Post(replica, "Authorization", $"Bearer guess-{guess}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await Post(replica, "Authorization", "Bearer guess-11")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await Post(replica, "Authorization", "Bearer a-long-random-text")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await Get(replica, "/status")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> Get(ServiceProcess service, string path, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var header in headers.Chunk(2))
            request.Headers.Add(header[0], header[1]);
        return await service.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
    }

    private static async Task<HttpResponseMessage> Post(ServiceProcess scheduler, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/catch-up");
        foreach (var header in headers.Chunk(2))
            request.Headers.Add(header[0], header[1]);
        return await scheduler.Http.SendAsync(request, Stop);
    }
}
