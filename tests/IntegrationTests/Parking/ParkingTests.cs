using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.IntegrationTests.Cli;
using LeadSync.IntegrationTests.Sync;
using Npgsql;
using RabbitMQ.Client;

namespace LeadSync.IntegrationTests.Parking;

/// <summary>LeadSync parks what it cannot process, shows it, and continues with everything else.</summary>
[Collection(nameof(RoughSync))]
public sealed class ParkingTests(RoughSync rough)
{
    private const string UnknownType =
        """{"messageId":"4fd0e4c9-3a2b-4c5d-9e6f-7a8b9c0d1e2f","messageType":["urn:message:Somebody:Unknown"],"message":{}}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => rough.Sync;

    [Theory]
    [InlineData("{\"messageId\":", "malformed")]
    [InlineData(UnknownType, "type")]
    public async Task an_unreadable_message_is_parked_and_later_messages_are_processed(string body, string reason)
    {
        await Sync.Publish("leads-changed", body);

        var parked = (await Parked(1)).Single();
        Texts(parked, "service", "kind", "origin").ShouldBe(["projector", "message", "leads-changed"]);
        parked.GetProperty("reason").GetString()!.ShouldContain(reason);
        (await Sync.Status()).GetProperty("parked").ToString().ShouldBe("""{"gateway":0,"projector":1,"scheduler":0}""");
        await Sync.Change("edit", new { count = 5 });
        await Truth.ShouldBeTheView(Sync);

        (await Post($"/parked/{parked.GetProperty("id")}/drop")).ShouldBe(HttpStatusCode.Accepted);
        (await Parked(0)).ShouldBeEmpty();
        (await Post($"/parked/{parked.GetProperty("id")}/drop")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_message_that_a_read_only_database_cannot_park_waits_with_growing_pauses_and_is_parked_afterwards()
    {
        await Sync.Value("create sequence parking.attempts");
        await Sync.Value("""
            create function parking.refuse() returns trigger language plpgsql as $$
            begin
                perform nextval('parking.attempts');
                raise exception 'cannot execute INSERT in a read-only transaction' using errcode = '25006';
            end $$
            """);
        await Sync.Value("create trigger refuse before insert on parking.parked for each row execute function parking.refuse()");
        try
        {
            await Sync.Publish("leads-changed", UnknownType);
            await RunningSync.Until("parking was tried three times", async () => await Attempts() >= 3);
            await Sync.Change("edit", new { count = 5 });
            await Truth.ShouldBeTheView(Sync);
            (await Attempts()).ShouldBeLessThan(10);
        }
        finally
        {
            await Sync.Value("drop function parking.refuse() cascade");
            await Sync.Value("drop sequence parking.attempts");
        }

        var parked = (await Parked(1)).Single();
        (await Post($"/parked/{parked.GetProperty("id")}/drop")).ShouldBe(HttpStatusCode.Accepted);
        (await Parked(0)).ShouldBeEmpty();

        async Task<long> Attempts() => (long)(await Sync.Value("select last_value from parking.attempts"))!;
    }

    [Fact]
    public async Task a_lead_that_the_database_refuses_is_parked_alone_and_replayed_when_the_cause_is_gone()
    {
        var refused = await RefusedLead();
        await Sync.Change("edit", new { count = 10, values = new { City = "Elsewhere" } });

        var parked = (await Parked(1)).Single();
        Texts(parked, "service", "kind", "leadId").ShouldBe(["projector", "lead", refused]);
        parked.ToString().ShouldNotContain("\"Refused\"");

        await Sync.Value("alter table legacy.leads drop constraint no_such_company");
        (await Post("/parked/replay")).ShouldBe(HttpStatusCode.Accepted);
        await Truth.ShouldBeTheView(Sync);
        (await Parked(0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_parked_lead_that_is_corrected_in_Zoho_is_no_longer_parked()
    {
        var refused = await RefusedLead();
        await Parked(1);

        await Sync.Change("edit", new { ids = new[] { refused }, values = new { Company = "Corrected" } });

        await Parked(0);
        await Truth.ShouldBeTheView(Sync);
        await Sync.Value("alter table legacy.leads drop constraint no_such_company");
    }

    [Fact]
    public async Task the_replay_of_thousands_of_items_goes_on_after_its_answer_and_the_log_tells_its_end()
    {
        var lead = (string)(await Sync.Value("select min(id) from legacy.leads"))!;
        await Sync.Value("""
            insert into parking.parked (service, kind, key, origin, lead_id, reason)
            select 'gateway', 'lead', 'many-' || i, 'test', $1, 'Zoho was away.' from generate_series(1, 2000) i
            """, lead);
        await using (var connection = new NpgsqlConnection(Sync.Services.Environment["ConnectionStrings__Postgres"]))
        {
            // While somebody else holds one of the items, the replay cannot end.
            await connection.OpenAsync(Stop);
            await using var transaction = await connection.BeginTransactionAsync(Stop);
            await using var hold = new NpgsqlCommand("select from parking.parked where key = 'many-1000' for update", connection);
            await hold.ExecuteNonQueryAsync(Stop);

            var replay = await CommandLine.Run(Sync, "parked", "replay", "--all", "--yes", "--reason", "Zoho is back");

            replay.ExitCode.ShouldBe(0);
            replay.Output.ShouldContain("The replay of everything that is parked has begun.");
            var log = (await CommandLine.Run(Sync, "log")).Output;
            log.ShouldContain("The replay of all parked items has begun. (somebody on this machine: Zoho is back)");
            log.ShouldNotContain("has ended: 2000 replayed.");
        }

        await RunningSync.Until("the log tells the end", async () => (await CommandLine.Run(Sync, "log")).Output
            .Contains("The replay of all parked items has ended: 2000 replayed. (somebody on this machine: Zoho is back)",
                StringComparison.Ordinal));
        (await Parked(0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_message_whose_consumer_always_fails_is_parked_and_applied_when_it_is_replayed_after_the_cause_is_gone()
    {
        // A message that is still under way would be parked too: the view equals Zoho only after every lead is read.
        await Truth.ShouldBeTheView(Sync);
        await RunningSync.Until("no change waits", async () => await Waits("waiting") == 0 && await Waits("rereads") == 0);
        await Sync.Value("alter table projector.mt_events rename to hidden");
        try
        {
            await Sync.Change("edit", new { count = 1 });

            var parked = (await Parked(1)).Single();
            parked.GetProperty("origin").GetString().ShouldBe("leads-changed");
            parked.GetProperty("reason").GetString().ShouldBe("PostgreSQL refused the message's data (42P01) in LeadRegisters.");
        }
        finally
        {
            await Sync.Value("alter table projector.hidden rename to mt_events");
        }

        await Post("/parked/replay");
        await Truth.ShouldBeTheView(Sync);
        (await Parked(0)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_message_that_rabbitmq_gives_up_after_too_many_deliveries_is_parked_and_applied_when_it_is_replayed()
    {
        await Sync.Services.Projector.KillAsync();
        await Sync.Change("edit", new { count = 1 });
        await GiveBackTooOften("leads-changed");

        await Sync.Services.Projector.StartAsync(Stop);

        var parked = (await Parked(1)).Single();
        Texts(parked, "service", "kind", "origin").ShouldBe(["projector", "message", "leads-changed"]);
        parked.GetProperty("reason").GetString()!.ShouldContain("delivery_limit");
        (await Post($"/parked/{parked.GetProperty("id")}/replay")).ShouldBe(HttpStatusCode.Accepted);
        await Truth.ShouldBeTheView(Sync);
    }

    /// <summary>Edits a lead so that the database refuses its row.</summary>
    private async Task<string> RefusedLead()
    {
        await Sync.Value("alter table legacy.leads add constraint no_such_company check (company <> 'Refused') not valid");
        return (await Sync.Change("edit", new { count = 1, values = new { Company = "Refused" } })).Single();
    }

    private async Task<JsonElement[]> Parked(int count)
    {
        JsonElement[] items = [];
        try
        {
            await RunningSync.Until($"{count} are parked", async () =>
            {
                var page = await Sync.Scheduler.GetFromJsonAsync<JsonElement>("/parked?limit=100", Stop);
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

    private async Task<long?> Waits(string what) =>
        (await Sync.Status()).GetProperty(what) is { ValueKind: JsonValueKind.Object } found ? found.GetProperty("count").GetInt64() : null;

    private async Task<HttpStatusCode> Post(string path) => (await Sync.Scheduler.PostAsync(path, null, Stop)).StatusCode;

    private static string?[] Texts(JsonElement item, params string[] names) =>
        [.. names.Select(name => item.GetProperty(name).GetString())];

    /// <summary>Takes a message of a queue and returns it until RabbitMQ gives it up.</summary>
    private async Task GiveBackTooOften(string queue)
    {
        await using var connection = await new ConnectionFactory { Uri = Sync.RabbitMq }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        await RunningSync.Until("RabbitMQ gives the message up", async () =>
        {
            while (await channel.BasicGetAsync(queue, autoAck: false, Stop) is { } message)
                await channel.BasicNackAsync(message.DeliveryTag, multiple: false, requeue: true, Stop);
            return await channel.MessageCountAsync("projector-parked", Stop) > 0;
        });
    }
}
