using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>A sync, and the channel as the gateway opened it.</summary>
public sealed class OpenChannel(SharedServers shared) : IAsyncLifetime
{
    private readonly FreshSync fresh = new(shared);

    public RunningSync Sync => fresh.Sync;

    public string Address { get; private set; } = "";

    public string Id { get; private set; } = "";

    public string Token { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await fresh.InitializeAsync();
        var stop = TestContext.Current.CancellationToken;
        using var grant = await Sync.Zoho.PostAsync("/oauth/v2/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = "1000.LOCAL",
            ["client_secret"] = "local-secret",
            ["refresh_token"] = "1000.local.refresh",
        }), stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/crm/v8/actions/watch");
        request.Headers.Add("Authorization", $"Zoho-oauthtoken {(await grant.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("access_token")}");
        using var answer = await Sync.Zoho.SendAsync(request, stop);
        var watch = (await answer.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("watch")[0];
        Address = watch.GetProperty("notify_url").GetString()!;
        Id = watch.GetProperty("channel_id").GetString()!;
        Token = watch.GetProperty("token").GetString()!;
    }

    public ValueTask DisposeAsync() => fresh.DisposeAsync();
}

/// <summary>What the gateway answers to whoever calls the address that Zoho was given.</summary>
public sealed class NotificationEndpointTests(OpenChannel channel) : IClassFixture<OpenChannel>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_notification_of_ours_is_accepted() => (await Post(Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("ids", "[7]", HttpStatusCode.OK)]
    [InlineData("operation", "\"renamed\"", HttpStatusCode.OK)]
    [InlineData("token", "\"guessed\"", HttpStatusCode.Unauthorized)]
    [InlineData("token", null, HttpStatusCode.Unauthorized)]
    [InlineData("channel_id", "\"1\"", HttpStatusCode.Unauthorized)]
    [InlineData("channel_id", null, HttpStatusCode.Unauthorized)]
    [InlineData("module", "\"Contacts\"", HttpStatusCode.BadRequest)]
    [InlineData("ids", "[]", HttpStatusCode.BadRequest)]
    [InlineData("ids", "[\"../1\"]", HttpStatusCode.BadRequest)]
    [InlineData("ids", null, HttpStatusCode.BadRequest)]
    public async Task each_part_is_checked(string part, string? json, HttpStatusCode status) => (await Post(Body(part, json))).StatusCode.ShouldBe(status);

    [Fact]
    public async Task a_token_that_is_ours_since_a_moment_is_accepted_however_lately_another_was_refused()
    {
        (await Post(Body("token", "\"guessed\""))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await channel.Sync.Value(
            "insert into gateway.channel_token (token_hash, accepted_until) values (sha256('renewed'), now() + interval '1 hour') returning 1");

        (await Post(Body("token", "\"renewed\""))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[1,2]")]
    [InlineData("{\"ids\":")]
    public async Task what_is_not_a_notification_is_answered_400(string body)
    {
        using var answer = await Post(body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldEndWith(".");
    }

    [Fact]
    public async Task a_large_body_is_taken_from_whoever_knows_the_secret_of_the_address_and_is_else_answered_413()
    {
        var body = Body("padding", $"\"{new string('x', 2_000_000)}\"");

        (await Post(body)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stranger = await Post(body, channel.Address.Split('?')[0]);
        stranger.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData(50_000, 0, HttpStatusCode.OK)]
    [InlineData(1, 34_000_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task a_mass_update_is_caught_up_however_large_its_notification_is(int ids, int padding, HttpStatusCode status)
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime;
        var fields = string.Join(',', Enumerable.Range(0, ids).Select(id => $"{{\"{5725767000003000064 + id}\":[\"Company\",\"Phone\",\"Lead_Status\"]}}"));
        var body = Body("ids", $"[{string.Join(',', Enumerable.Range(0, ids).Select(id => $"\"{5725767000003000064 + id}\""))}]")
            .Replace("\"affected_fields\":[]", $"\"affected_fields\":[{fields}],\"padding\":\"{new string('x', padding)}\"", StringComparison.Ordinal);

        (await Post(body)).StatusCode.ShouldBe(status);

        await RunningSync.Until("a gap is on record", async () =>
            await channel.Sync.Value("select 1 from scheduler.mt_events where type = 'gap_detected' and timestamp > $1 limit 1", before) is 1);
    }

    [Fact]
    public async Task one_trace_leads_from_the_request_to_the_event()
    {
        var id = (await channel.Sync.Change("edit", new { count = 1, announce = "None" })).Single();
        using var request = new HttpRequestMessage(HttpMethod.Post, channel.Address) { Content = new StringContent(Body("ids", $"[\"{id}\"]"), Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        (await channel.Sync.Services.Gateway.Http.SendAsync(request, Stop)).EnsureSuccessStatusCode();

        await RunningSync.Until("the event carries the trace of the request", async () =>
            await channel.Sync.Value("select 1 from projector.mt_events where stream_id = 'lead-' || $1 and correlation_id = '4bf92f3577b34da6a3ce929d0e0e4736'", id) is 1);
    }

    private async Task<HttpResponseMessage> Post(string body, string? address = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address ?? channel.Address)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            // What is refused for its length is answered before it is sent.
            Headers = { ExpectContinue = true },
        };
        return await channel.Sync.Services.Gateway.Http.SendAsync(request, Stop);
    }

    /// <summary>A notification as Zoho sends it, with one part replaced, or left out when it is null.</summary>
    private string Body(string? part = null, string? json = null)
    {
        var parts = new Dictionary<string, string?>
        {
            ["server_time"] = "1718117126473",
            ["query_params"] = "{}",
            ["module"] = "\"Leads\"",
            ["resource_uri"] = "\"https://www.zohoapis.com/crm/v2/Leads\"",
            ["ids"] = "[\"5725767000003000064\"]",
            ["affected_fields"] = "[]",
            ["operation"] = "\"update\"",
            ["channel_id"] = $"\"{channel.Id}\"",
            ["token"] = $"\"{channel.Token}\"",
        };
        if (part is not null)
            parts[part] = json;
        return $"{{{string.Join(',', parts.Where(p => p.Value is not null).Select(p => $"\"{p.Key}\":{p.Value}"))}}}";
    }
}
