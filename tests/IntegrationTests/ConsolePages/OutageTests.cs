using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSync.IntegrationTests.Cli;
using LeadSync.TestSupport;
using LeadSync.TestSupport.Network;
using Microsoft.Playwright;
using Npgsql;
using static Microsoft.Playwright.Assertions;

namespace LeadSync.IntegrationTests.ConsolePages;

/// <summary>What the scheduler says while it cannot reach the database, on a page that is open and on a new one. A proxy is between the
/// scheduler and PostgreSQL.</summary>
[Collection(nameof(OpenConsole))]
public sealed class OutageTests(OpenConsole console)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [InlineData(false)]
    public async Task every_surface_says_that_the_state_is_unknown_and_since_when(bool hangs)
    {
        var direct = new NpgsqlConnectionStringBuilder(console.Sync.Services.Environment["ConnectionStrings__Postgres"]);
        await using var proxy = new TcpProxy(direct.Port);
        await using var replica = console.Sync.Services.Another("Scheduler", new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = new NpgsqlConnectionStringBuilder(
                direct.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString,
        });
        await replica.StartAsync(Stop);
        await using var open = await console.OpenAsync($"{replica.Address}", mayComplain: "503");
        await Expect(Heading(open)).ToContainTextAsync("In sync");

        var cutAt = TimeProvider.System.GetUtcNow();
        proxy.ToServer.Close();
        if (!hangs)
            await proxy.CutAsync();

        await Expect(Heading(open)).ToContainTextAsync("The scheduler has been unable to read its database since");
        var seenAt = TimeProvider.System.GetUtcNow();
        await Expect(open.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("What you see below is from");
        await Expect(open.Page).ToHaveTitleAsync(new Regex("^✖ "));

        var opening = Stopwatch.StartNew();
        await using var late = await console.OpenAsync($"{replica.Address}", mayComplain: "503");
        await Expect(Heading(late)).ToContainTextAsync("The scheduler has been unable to read its database since");
        // How long it took depends on the machine. It is printed, for who measures, and not asserted.
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"The open page said it after {(seenAt - cutAt).TotalSeconds:0.0} s, the new one after {opening.Elapsed.TotalSeconds:0.0} s.");
        await Expect(late.Page.GetByText("No change has come by notification yet.")).ToBeHiddenAsync();

        using var ready = await replica.Http.GetAsync("/health/ready", Stop);
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var why = await ready.Content.ReadAsStringAsync(Stop);
        if (hangs)
            why.ShouldBe("The database or the broker did not answer within 4 s.");

        using var answer = await replica.Http.GetAsync("/status", Stop);
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var status = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Stop));
        status.GetProperty("inSync").GetBoolean().ShouldBeFalse();
        status.GetProperty("since").GetDateTimeOffset().ShouldBeInRange(cutAt, seenAt);

        // A frozen database would otherwise hold these answers until its statement times out, after 15 seconds.
        foreach (var list in (string[])["/log", "/alerts", "/parked"])
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            patience.CancelAfter(TimeSpan.FromSeconds(12));
            using var refused = await replica.Http.GetAsync(list, patience.Token);
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await refused.Content.ReadAsStringAsync(Stop)).ShouldStartWith("The database does not answer now");
        }

        var asked = await CommandLine.Run(new Dictionary<string, string> { ["LEADSYNC_URL"] = $"{replica.Address}" }, "status");
        asked.ExitCode.ShouldBe(3);
        asked.Error.ShouldContain("unable to read its database since");

        await proxy.ResetAsync();
        await Expect(Heading(open)).ToContainTextAsync("In sync");
        await Expect(Heading(late)).ToContainTextAsync("In sync");
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task without_a_broker_an_open_page_says_so_and_each_action_says_what_becomes_of_it()
    {
        var direct = new UriBuilder(console.Sync.Services.Environment["ConnectionStrings__RabbitMq"]);
        await using var proxy = new TcpProxy(direct.Port);
        (direct.Host, direct.Port) = ("127.0.0.1", proxy.Port);
        await using var replica = console.Sync.Services.Another(
            "Scheduler", KeyValuePair.Create("ConnectionStrings__RabbitMq", $"{direct.Uri}"));
        await replica.StartAsync(Stop);
        await using var open = await console.OpenAsync($"{replica.Address}");
        await Expect(Heading(open)).ToContainTextAsync("In sync");

        proxy.ToServer.Close();
        await proxy.CutAsync();

        await Expect(Heading(open)).ToContainTextAsync("RabbitMQ has been unreachable for");
        await Expect(open.Page).ToHaveTitleAsync(new Regex("^✖ "));
        await Wait.UntilAsync("the replica's heartbeat says why it is not ready, as the replica does", async () =>
        {
            using var ready = await replica.Http.GetAsync("/health/ready", Stop);
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable
                && await console.Sync.Value("select not_ready from parking.running where service = 'scheduler' and not_ready is not null")
                    is string why && why == await ready.Content.ReadAsStringAsync(Stop);
        }, Minute, Stop);
        foreach (var action in (string[])["/forget/1?reason=test", "/feed/replay", "/parked/replay", "/parked/1/replay"])
        {
            using var refused = await replica.Http.PostAsync(action, null, Stop);
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, action);
            (await refused.Content.ReadAsStringAsync(Stop)).ShouldStartWith("Nothing was done: RabbitMQ has been unreachable since");
        }

        using var taken = await replica.Http.PostAsync("/catch-up", null, Stop);
        taken.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await taken.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("note").GetString()
            .ShouldNotBeNull().ShouldEndWith("It begins when that is mended.");
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Catch up now" }).ClickAsync();
        await open.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Catch up" }).ClickAsync();
        await Expect(open.Page.Locator("#notice")).ToContainTextAsync("RabbitMQ has been unreachable for");

        var url = new Dictionary<string, string> { ["LEADSYNC_URL"] = $"{replica.Address}" };
        (await CommandLine.Run(url, "catch-up")).Output.ShouldContain("RabbitMQ has been unreachable for");
        var forget = await CommandLine.Run(url, "forget", "1", "--reason", "test");
        forget.ExitCode.ShouldBe(3);
        forget.Error.ShouldContain("Nothing was done: RabbitMQ has been unreachable since");

        await proxy.ResetAsync();
        await Expect(Heading(open)).ToContainTextAsync("In sync");
    }

    [Fact]
    public async Task a_scheduler_that_begins_to_lead_long_after_the_last_one_does_not_count_as_hung()
    {
        var scheduler = console.Sync.Services.Scheduler;
        await scheduler.StopAsync();
        await console.Sync.Value("update scheduler.leader set ticked_at = now() - interval '10 minutes'");
        var started = scheduler.StartAsync(Stop);
        var reasons = new HashSet<string>();
        await Wait.UntilAsync("it leads and is in sync", async () =>
        {
            try
            {
                var status = await scheduler.Http.GetFromJsonAsync<JsonElement>("/status", Stop);
                reasons.UnionWith(status.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("kind").GetString()!));
                return status.GetProperty("inSync").GetBoolean();
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                return false;
            }
        }, TimeSpan.FromMinutes(2), Stop);

        await started;
        reasons.ShouldNotContain("leaderHangs");
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_frozen_only_leader_is_seen_on_its_page_and_in_the_view_and_another_takes_its_place()
    {
        var leader = console.Sync.Services.Scheduler;
        // Requests fail while the leader is frozen. When it goes on, it answers 503 until it has read its database.
        await using var open = await console.OpenAsync(mayComplain: "Failed to load resource");
        await Expect(Heading(open)).ToContainTextAsync("In sync");
        var frozen = await Leading();
        leader.Pause();
        try
        {
            await Expect(Heading(open)).ToContainTextAsync("The scheduler does not answer.");
            await Wait.UntilAsync("readers of the view see that nobody looks", async () => await console.Sync.Value(
                "select checked_at < now() - interval '15 seconds' from legacy.sync_status") is true, Minute, Stop);

            await using var other = console.Sync.Services.Another("Scheduler");
            await other.StartAsync(Stop);
            await Wait.UntilAsync("another leads", async () => await Leading() != frozen, 2 * Minute, Stop);
            await using var page = await console.OpenAsync($"{other.Address}");
            await Expect(Heading(page)).ToContainTextAsync("In sync");
        }
        finally
        {
            leader.Resume();
        }

        await Expect(Heading(open)).ToContainTextAsync("In sync");

        async Task<string?> Leading() => (string?)await console.Sync.Value("select instance from scheduler.leader");
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_database_that_hangs_is_reported_and_listed_afterwards_and_so_is_a_broker_that_is_away()
    {
        using var webhook = new Alerts.WebhookTarget();
        var direct = new NpgsqlConnectionStringBuilder(console.Sync.Services.Environment["ConnectionStrings__Postgres"]);
        await using var proxy = new TcpProxy(direct.Port);
        var broker = new UriBuilder(console.Sync.Services.Environment["ConnectionStrings__RabbitMq"]);
        await using var toBroker = new TcpProxy(broker.Port);
        (broker.Host, broker.Port) = ("127.0.0.1", toBroker.Port);
        await console.Sync.Services.Scheduler.StopAsync();
        await using (var leader = console.Sync.Services.Another("Scheduler", new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = new NpgsqlConnectionStringBuilder(
                direct.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port }.ConnectionString,
            ["ConnectionStrings__RabbitMq"] = $"{broker.Uri}",
            ["Alerts__Webhooks__0__Url"] = webhook.Url,
        }))
        {
            await leader.StartAsync(Stop);
            await Wait.UntilAsync("it leads", async () =>
                (await leader.Http.GetStringAsync("/metrics", Stop)).Contains("leadsync_leader", StringComparison.Ordinal), Minute, Stop);
            proxy.ToServer.Close();

            await Wait.UntilAsync("the webhook has the alert",
                () => Task.FromResult(webhook.Taken.Any(one => one.Body.Contains("LeadSyncCannotSee", StringComparison.Ordinal))),
                Minute, Stop);

            await proxy.ResetAsync();
            await Wait.UntilAsync("the list of alerts has it, closed", async () =>
            {
                using var answer = await leader.Http.GetAsync("/alerts", Stop);
                return answer.IsSuccessStatusCode
                    && (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("alerts").EnumerateArray().Any(alert =>
                        alert.GetProperty("name").GetString() == "LeadSyncCannotSee"
                        && alert.GetProperty("closedAt").ValueKind == JsonValueKind.String);
            }, TimeSpan.FromMinutes(2), Stop);

            // The broker is another outage: nobody can lead, and the database keeps the alert.
            toBroker.ToServer.Close();
            await toBroker.CutAsync();
            await Wait.UntilAsync("the webhook has the alert about the broker",
                () => Task.FromResult(webhook.Taken.Any(one => one.Body.Contains("LeadSyncBrokerDown", StringComparison.Ordinal))),
                3 * Minute, Stop);
        }

        await console.Sync.Services.Scheduler.StartAsync(Stop);
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_database_that_can_only_be_read_is_reported_and_listed_afterwards()
    {
        using var webhook = new Alerts.WebhookTarget();
        await console.Sync.Services.Scheduler.StopAsync();
        await using (var leader = console.Sync.Services.Another(
            "Scheduler", KeyValuePair.Create("Alerts__Webhooks__0__Url", webhook.Url)))
        {
            await leader.StartAsync(Stop);
            await Wait.UntilAsync("it leads", async () =>
                (await leader.Http.GetStringAsync("/metrics", Stop)).Contains("leadsync_leader", StringComparison.Ordinal), Minute, Stop);

            await console.Sync.SetReadOnly(true);
            try
            {
                await Wait.UntilAsync("the webhook has the alert", () => Task.FromResult(Told("alert.opened")), 2 * Minute, Stop);
                var status = await leader.Http.GetFromJsonAsync<JsonElement>("/status", Stop);
                status.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetProperty("kind").GetString())
                    .ShouldContain("cannotWrite");
                status.GetProperty("inSync").GetBoolean().ShouldBeFalse();
            }
            finally
            {
                await console.Sync.SetReadOnly(false);
            }

            await Wait.UntilAsync("the webhook has its end", () => Task.FromResult(Told("alert.closed")), 2 * Minute, Stop);
            await Wait.UntilAsync("the list of alerts has it, closed", async () =>
                (await leader.Http.GetFromJsonAsync<JsonElement>("/alerts", Stop)).GetProperty("alerts").EnumerateArray().Any(alert =>
                    alert.GetProperty("name").GetString() == "LeadSyncCannotWrite"
                    && alert.GetProperty("closedAt").ValueKind == JsonValueKind.String), Minute, Stop);
            await Wait.UntilAsync("it is in sync", async () =>
                (await leader.Http.GetFromJsonAsync<JsonElement>("/status", Stop)).GetProperty("inSync").GetBoolean(), 2 * Minute, Stop);
        }

        await console.Sync.Services.Scheduler.StartAsync(Stop);

        bool Told(string what) => webhook.Taken.Any(one => one.Body.Contains("LeadSyncCannotWrite", StringComparison.Ordinal)
            && one.Body.Contains(what, StringComparison.Ordinal));
    }

    private static ILocator Heading(ConsolePage page) => page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
}
