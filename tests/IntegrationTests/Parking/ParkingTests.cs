using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;
using RabbitMQ.Client;

namespace LeadSync.IntegrationTests.Parking;

/// <summary>What cannot be processed waits where it can be seen, and nothing waits behind it.</summary>
public sealed class ParkingTests(SharedServers shared)
{
    private const string UnknownType = """{"messageId":"4fd0e4c9-3a2b-4c5d-9e6f-7a8b9c0d1e2f","messageType":["urn:message:Somebody:Unknown"],"message":{}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{\"messageId\":", "malformed")]
    [InlineData(UnknownType, "type")]
    public async Task a_message_that_nobody_can_read_is_parked_and_the_others_flow_on(string body, string reason)
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 20);
        await sync.InSync();

        await sync.Publish("leads-changed", body);

        var parked = (await Parked(sync, 1)).Single();
        Texts(parked, "service", "kind", "origin").ShouldBe(["projector", "message", "leads-changed"]);
        parked.GetProperty("reason").GetString()!.ShouldContain(reason);
        (await sync.Status()).GetProperty("parked").ToString().ShouldBe("""{"gateway":0,"projector":1,"scheduler":0}""");
        await sync.Change("edit", new { count = 5 });
        await Truth.ShouldBeTheView(sync);

        (await Post(sync, $"/parked/{parked.GetProperty("id")}/drop")).ShouldBe(HttpStatusCode.Accepted);
        (await Parked(sync, 0)).ShouldBeEmpty();
        (await Post(sync, $"/parked/{parked.GetProperty("id")}/drop")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_lead_that_the_database_refuses_is_parked_alone_and_replayed_when_the_cause_is_gone()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 20);
        await sync.InSync();

        var refused = await RefusedLead(sync);
        await sync.Change("edit", new { count = 10 });

        var parked = (await Parked(sync, 1)).Single();
        Texts(parked, "service", "kind", "leadId").ShouldBe(["projector", "lead", refused]);
        parked.ToString().ShouldNotContain("\"Refused\"");

        await sync.Value("alter table legacy.leads drop constraint no_such_company");
        (await Post(sync, "/parked/replay")).ShouldBe(HttpStatusCode.Accepted);
        await Truth.ShouldBeTheView(sync);
        (await Parked(sync, 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_parked_lead_that_is_corrected_in_Zoho_is_no_longer_parked()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 20);
        await sync.InSync();
        var refused = await RefusedLead(sync);
        await Parked(sync, 1);

        await sync.Change("edit", new { ids = new[] { refused }, values = new { Company = "Corrected" } });

        await Parked(sync, 0);
        await Truth.ShouldBeTheView(sync);
    }

    [Fact]
    public async Task a_message_whose_consumer_always_fails_is_parked_and_applied_when_it_is_replayed_after_the_cause_is_gone()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 20);
        await sync.InSync();
        await sync.Value("alter table projector.mt_events rename to hidden");
        await sync.Change("edit", new { count = 1 });

        var parked = (await Parked(sync, 1)).Single();
        parked.GetProperty("origin").GetString().ShouldBe("leads-changed");
        parked.GetProperty("reason").GetString().ShouldBe("PostgreSQL refused it (42P01) in LeadRegisters.");

        await sync.Value("alter table projector.hidden rename to mt_events");
        await Post(sync, "/parked/replay");
        await Truth.ShouldBeTheView(sync);
        (await Parked(sync, 0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_message_that_rabbitmq_gives_up_after_too_many_deliveries_is_parked_and_applied_when_it_is_replayed()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 20);
        await sync.InSync();
        await sync.Services.Projector.KillAsync();
        await sync.Change("edit", new { count = 1 });
        await GiveBack(sync, "leads-changed", times: 21);

        await sync.Services.Projector.StartAsync(Stop);

        var parked = (await Parked(sync, 1)).Single();
        Texts(parked, "service", "kind", "origin").ShouldBe(["projector", "message", "leads-changed"]);
        parked.GetProperty("reason").GetString()!.ShouldContain("delivery_limit");
        (await Post(sync, $"/parked/{parked.GetProperty("id")}/replay")).ShouldBe(HttpStatusCode.Accepted);
        await Truth.ShouldBeTheView(sync);
    }

    /// <summary>A lead that is edited so that the database refuses its row.</summary>
    private static async Task<string> RefusedLead(RunningSync sync)
    {
        await sync.Value("alter table legacy.leads add constraint no_such_company check (company <> 'Refused') not valid");
        return (await sync.Change("edit", new { count = 1, values = new { Company = "Refused" } })).Single();
    }

    private static async Task<JsonElement[]> Parked(RunningSync sync, int count)
    {
        JsonElement[] items = [];
        try
        {
            await RunningSync.Until($"{count} are parked", async () =>
            {
                var page = await sync.Scheduler.GetFromJsonAsync<JsonElement>("/parked?limit=100", Stop);
                items = [.. page.GetProperty("items").EnumerateArray()];
                return items.Length == count;
            });
        }
        catch (TimeoutException)
        {
            items.Select(item => item.ToString()).ShouldBe([], $"{count} were to be parked");
        }

        return items;
    }

    private static async Task<HttpStatusCode> Post(RunningSync sync, string path) => (await sync.Scheduler.PostAsync(path, null, Stop)).StatusCode;

    private static string?[] Texts(JsonElement item, params string[] names) => [.. names.Select(name => item.GetProperty(name).GetString())];

    /// <summary>Takes the queue's message and gives it back, as a consumer does that dies with it.</summary>
    private static async Task GiveBack(RunningSync sync, string queue, int times)
    {
        await using var connection = await new ConnectionFactory { Uri = sync.RabbitMq }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        for (var given = 0; given < times;)
        {
            if (await channel.BasicGetAsync(queue, autoAck: false, Stop) is { } message)
            {
                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, Stop);
                given++;
            }
            else
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Stop);
            }
        }
    }
}
