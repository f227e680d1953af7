using System.Net;
using System.Text;
using System.Text.Json;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;
using RabbitMQ.Client;

namespace LeadSync.IntegrationTests.Acknowledgement;

/// <summary>
/// A notification that the gateway answers with 2xx is never lost. When the gateway cannot make one durable, it answers 503 and records a
/// gap.
/// </summary>
public sealed class AcknowledgementTests(AcknowledgingSync acknowledging) : IClassFixture<AcknowledgingSync>
{
    private const string Queue = "leads-announced";
    private const string Exchange = "LeadSync.Contracts:LeadsAnnounced";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => acknowledging.Sync;

    public static TheoryData<Outage> Outages => TestForm.IsLong ? [.. Enum.GetValues<Outage>()] : [Outage.Refused];

    [Theory, MemberData(nameof(Outages))]
    public async Task a_notification_that_the_broker_does_not_confirm_is_answered_503_and_is_a_gap_that_a_catch_up_closes(Outage outage)
    {
        var gateway = await acknowledging.Gateway();
        var began = TimeProvider.System.GetUtcNow();
        await gateway.Broker.Begin(outage);

        (await gateway.Post(acknowledging.Notification())).ShouldBeRefused();

        await gateway.Broker.ResetAsync();
        await gateway.UntilAccepted(acknowledging.Notification());
        await RefusalIsCaughtUp(began);
    }

    [Theory, MemberData(nameof(Outages))]
    public async Task a_token_that_cannot_be_looked_up_is_answered_503_and_is_a_gap_that_a_catch_up_closes(Outage outage)
    {
        var gateway = await acknowledging.Gateway();
        var began = TimeProvider.System.GetUtcNow();
        var renewed = acknowledging.Notification(otherToken: $"renewed {outage}");
        await Sync.Value(
            "insert into gateway.channel_token (token_hash, accepted_until) values (sha256($1), now() + interval '1 hour') returning 1",
            Encoding.UTF8.GetBytes($"renewed {outage}"));
        await gateway.Database.Begin(outage);

        (await gateway.Post(renewed)).ShouldBeRefused();
        (await gateway.Post(acknowledging.Notification())).Status.ShouldBe(
            HttpStatusCode.OK, "a token that this replica knows needs no database");

        await gateway.Database.ResetAsync();
        await gateway.UntilAccepted(renewed);
        await RefusalIsCaughtUp(began);
    }

    /// <summary>The gap of a crash begins a minute before the last heartbeat, so the heartbeat may not move on.</summary>
    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_refusal_that_a_crashed_replica_could_not_announce_for_more_than_a_minute_is_in_the_gap_of_the_crash()
    {
        const string gaps = "LeadSync.Contracts:GapDetected";
        const string recorder = "scheduler";
        await using var gateway = await ProxiedGateway.StartAsync(acknowledging);
        await gateway.UntilAccepted(acknowledging.Notification());
        await using var connection = await new ConnectionFactory { Uri = Sync.RabbitMq }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        await channel.QueueUnbindAsync(Queue, Queue, routingKey: "", cancellationToken: Stop);
        await channel.ExchangeUnbindAsync(recorder, gaps, routingKey: "", cancellationToken: Stop);
        var refused = TimeProvider.System.GetUtcNow();
        try
        {
            (await gateway.Post(acknowledging.Notification())).ShouldBeRefused();
            await RunningSync.Until("more than a minute has passed", () =>
                Task.FromResult(TimeProvider.System.GetUtcNow() - refused > TimeSpan.FromSeconds(70)));
            await gateway.KillAsync();
        }
        finally
        {
            await channel.ExchangeBindAsync(recorder, gaps, routingKey: "", cancellationToken: Stop);
            await channel.QueueBindAsync(Queue, Queue, routingKey: "", cancellationToken: Stop);
        }

        var from = default(object);
        await RunningSync.Until("the crash is a gap", async () => (from = await Sync.Value(
            """
            select min((data ->> 'From')::timestamptz) from scheduler.mt_events
            where type = 'gap_detected' and data ->> 'Kind' = 'GatewayCrashed' and (data ->> 'To')::timestamptz > $1
            """, refused)) is not null);
        from.ShouldBeOfType<DateTime>().ShouldBeLessThan(refused.UtcDateTime);
        await RunningSync.Until("every gap is closed", async () => await Sync.Value("select open_gaps from legacy.sync_status") is 0);
    }

    /// <summary>The broker would confirm such a message and drop it.</summary>
    [Fact]
    public async Task an_announcement_without_a_queue_is_answered_503()
    {
        var gateway = await acknowledging.Gateway();
        await using var connection = await new ConnectionFactory { Uri = Sync.RabbitMq }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        await channel.QueueUnbindAsync(Queue, Queue, routingKey: "", cancellationToken: Stop);
        try
        {
            (await gateway.Post(acknowledging.Notification())).ShouldBeRefused();
        }
        finally
        {
            await channel.QueueBindAsync(Queue, Queue, routingKey: "", cancellationToken: Stop);
        }

        await gateway.UntilAccepted(acknowledging.Notification());
    }

    [Fact]
    public async Task a_notification_answered_200_is_on_the_brokers_disk_and_arrives_although_the_gateway_is_killed_at_once()
    {
        await using var connection = await new ConnectionFactory { Uri = Sync.RabbitMq }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        var copies = await channel.QueueDeclareAsync(cancellationToken: Stop);
        await channel.QueueBindAsync(copies.QueueName, Exchange, routingKey: "", cancellationToken: Stop);
        await using var gateway = await ProxiedGateway.StartAsync(acknowledging);
        await gateway.UntilAccepted(acknowledging.Notification());
        // Only the notification can bring the change: no catch-up runs while the sync is paused.
        await Pause();
        var lead = (await Sync.Change("edit", new { count = 1, values = new { City = "Answered" }, announce = "None" })).Single();

        // The proxy lets heartbeats pass, and holds the message.
        gateway.Broker.ToServer.Close(afterBytes: 200);
        var answer = gateway.Post(acknowledging.Notification(lead));
        await RunningSync.Until("the message is on its way to the broker, or was answered before", () =>
            Task.FromResult(answer.IsCompleted || gateway.Broker.ToServer.HasCaught));
        if (!answer.IsCompleted)
            gateway.Broker.ToServer.Open();
        (await answer).Status.ShouldBe(HttpStatusCode.OK);
        await gateway.KillAsync();

        (await Announced(channel, copies.QueueName, lead)).ShouldBeTrue("the gateway answered 200 before the broker had the message");
        await RunningSync.Until("the change is in the view", async () =>
            await Sync.Value("select city from legacy.leads where id = $1", lead) is "Answered");
        await Resume();
    }

    /// <summary>Whether the published messages include a persistent one for the lead.</summary>
    private static async Task<bool> Announced(IChannel channel, string copies, string lead)
    {
        while (await channel.BasicGetAsync(copies, autoAck: true, Stop) is { } message)
        {
            if (JsonDocument.Parse(message.Body).RootElement.GetProperty("message").GetProperty("ids").EnumerateArray()
                .Any(id => id.GetString() == lead))
                return message.BasicProperties.Persistent;
        }

        return false;
    }

    private async Task RefusalIsCaughtUp(DateTimeOffset since)
    {
        await RunningSync.Until("the refusal is recorded as a gap", async () => await Sync.Value(
            """
            select 1 from scheduler.mt_events
            where type = 'gap_detected' and data ->> 'Kind' = 'Refused' and (data ->> 'To')::timestamptz >= $1
            """, since) is 1);
        await RunningSync.Until("every gap is closed", async () => await Sync.Value("select open_gaps from legacy.sync_status") is 0);
    }

    private async Task Pause()
    {
        (await Sync.Scheduler.PostAsync("/pause", null, Stop)).EnsureSuccessStatusCode();
        await RunningSync.Until("no catch-up is under way", async () => await Sync.Value("select phase from legacy.sync_status") is "paused"
            && (await Sync.Status()).GetProperty("catchUp").GetProperty("id").ValueKind == JsonValueKind.Null);
    }

    private async Task Resume() => (await Sync.Scheduler.PostAsync("/resume", null, Stop)).EnsureSuccessStatusCode();
}
