using System.Net;
using System.Text;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>The gateway's answers at the address that Zoho calls.</summary>
[Collection(nameof(FreshSync))]
public sealed class NotificationEndpointTests(FreshSync fresh) : IAsyncLifetime
{
    private OpenChannel? channel;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => fresh.Sync;

    public async ValueTask InitializeAsync() => channel = await fresh.Channel();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task a_notification_of_ours_is_accepted() => (await Post(Body())).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("ids", "[7]", HttpStatusCode.OK)]
    [InlineData("token", "\"guessed\"", HttpStatusCode.Unauthorized)]
    [InlineData("module", "\"Contacts\"", HttpStatusCode.BadRequest)]
    public async Task every_part_of_a_notification_is_checked(string part, string? json, HttpStatusCode status) =>
        (await Post(Body(part, json))).StatusCode.ShouldBe(status);

    [Fact]
    public async Task a_new_token_is_accepted_even_just_after_another_token_was_refused()
    {
        (await Post(Body("token", "\"guessed\""))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await Sync.Value(
            "insert into gateway.channel_token (token_hash, accepted_until) values (sha256('renewed'), now() + interval '1 hour') "
                + "returning 1");

        (await Post(Body("token", "\"renewed\""))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task what_is_not_a_notification_is_answered_400()
    {
        using var answer = await Post("{\"ids\":");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Stop)).ShouldEndWith(".");
    }

    [Fact]
    public async Task a_large_body_is_accepted_only_with_the_secret_of_the_address_and_otherwise_answered_413()
    {
        var body = Body("padding", $"\"{new string('x', 2_000_000)}\"");

        (await Post(body)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var stranger = await Post(body, channel!.Address.Split('?')[0]);
        stranger.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData(50_000, 0, HttpStatusCode.OK)]
    [InlineData(1, 34_000_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task a_mass_update_is_caught_up_however_large_its_notification_is(int ids, int padding, HttpStatusCode status)
    {
        var before = TimeProvider.System.GetUtcNow().UtcDateTime;
        var fields = string.Join(
            ',', Enumerable.Range(0, ids).Select(id => $"{{\"{5725767000003000064 + id}\":[\"Company\",\"Phone\",\"Lead_Status\"]}}"));
        var body = Body("ids", $"[{string.Join(',', Enumerable.Range(0, ids).Select(id => $"\"{5725767000003000064 + id}\""))}]")
            .Replace(
                "\"affected_fields\":[]", $"\"affected_fields\":[{fields}],\"padding\":\"{new string('x', padding)}\"",
                StringComparison.Ordinal);

        (await Post(body)).StatusCode.ShouldBe(status);

        await RunningSync.Until("a gap is on record", async () =>
            await Sync.Value("select 1 from scheduler.mt_events where type = 'gap_detected' and timestamp > $1 limit 1", before) is 1);
    }

    [Fact]
    public async Task one_trace_leads_from_the_request_to_the_event()
    {
        var id = (await Sync.Change("edit", new { count = 1, announce = "None" })).Single();
        using var request = new HttpRequestMessage(HttpMethod.Post, channel!.Address)
        {
            Content = new StringContent(Body("ids", $"[\"{id}\"]"), Encoding.UTF8, "application/json")
        };
        request.Headers.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        (await Sync.Services.Gateway.Http.SendAsync(request, Stop)).EnsureSuccessStatusCode();

        await RunningSync.Until("the event carries the trace of the request", async () =>
            await Sync.Value(
                "select 1 from projector.mt_events where stream_id = 'lead-' || $1 and correlation_id = '4bf92f3577b34da6a3ce929d0e0e4736'",
                id) is 1);
    }

    private async Task<HttpResponseMessage> Post(string body, string? address = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address ?? channel!.Address)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            // The gateway answers a body that is too long before the client has sent it.
            Headers = { ExpectContinue = true },
        };
        return await Sync.Services.Gateway.Http.SendAsync(request, Stop);
    }

    /// <summary>A notification as Zoho sends it, with one part replaced; null leaves the part out.</summary>
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
            ["channel_id"] = $"\"{channel!.Id}\"",
            ["token"] = $"\"{channel!.Token}\"",
        };
        if (part is not null)
            parts[part] = json;
        return $"{{{string.Join(',', parts.Where(p => p.Value is not null).Select(p => $"\"{p.Key}\":{p.Value}"))}}}";
    }
}
