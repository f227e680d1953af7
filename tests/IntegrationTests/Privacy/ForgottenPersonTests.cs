using System.Text;
using LeadSync.DevStack.Infrastructure;
using LeadSync.IntegrationTests.Rebuilds;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;
using RabbitMQ.Client;

namespace LeadSync.IntegrationTests.Privacy;

/// <summary>After the command, no table of the running services and no queue has the person's data.</summary>
[Collection(nameof(RoughSync))]
public sealed class ForgottenPersonTests(RoughSync rough)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => rough.Sync;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_command_whose_projector_is_killed_half_way_continues_and_no_table_and_no_queue_has_the_person()
    {
        var id = (await Sync.Change("edit", new { count = 1, values = new { City = "Quillfeather" } })).Single();
        await RunningSync.Until("the lead is in the view", async () =>
            await Sync.Value("select city from legacy.leads where id = $1", id) is "Quillfeather");
        await Sync.Services.Projector.KillAsync();
        await Sync.Change("edit", new { ids = new[] { id }, values = new { City = "Featherquill" } });
        await RunningSync.Until("the second change waits in a queue", async () => await Queued("Featherquill") > 0);
        using var answer = await Sync.Scheduler.PostAsync($"/forget/{id}?reason=request+2026-117", null, Stop);
        answer.EnsureSuccessStatusCode();

        await using var half = await Sync.Database.OpenConnectionAsync(Stop);
        await using (var way = await half.BeginTransactionAsync(Stop))
        {
            await RebuildParts.Execute(half, "lock table projector.rebuild_differences in access exclusive mode");
            await Sync.Services.Projector.StartAsync(Stop);
            await RunningSync.Until("the command is half done", async () => await Sync.Value("""
                select count(*) from pg_locks where relation = 'projector.rebuild_differences'::regclass and not granted
                """) is > 0L);
            (await Sync.Value("select forgotten_at from projector.forgotten where id = $1", id)).ShouldBeNull();
            await Sync.Services.Projector.KillAsync();
        }

        await Sync.Services.Projector.StartAsync(Stop);
        await RunningSync.Until("the lead is forgotten", async () =>
            await Sync.Value("select forgotten_at from projector.forgotten where id = $1", id) is not null);
        await ShouldBeNowhere();
        var before = await Rebuilds();
        (await Sync.Scheduler.PostAsync("/rebuild", null, Stop)).EnsureSuccessStatusCode();
        await RunningSync.Until("the view is rebuilt", async () => await Rebuilds() > before);
        await Sync.Compare();
        await ShouldBeNowhere();

        await Sync.Change("delete", new { ids = new[] { id } });
        await Sync.InSync();
        await Truth.ShouldBeTheView(Sync);
    }

    private async Task<long> Rebuilds() => (long)(await Sync.Value(
        "select count(*) from projector.rebuilds where swapped_at is not null and finished_at is not null"))!;

    private async Task ShouldBeNowhere()
    {
        foreach (var value in (string[])["Quillfeather", "Featherquill"])
        {
            await RunningSync.Until($"no queue holds {value}", async () => await Queued(value) == 0);
            (await PersonSearch.Hits(Sync.Database, value)).ShouldBe(0, value);
        }
    }

    /// <summary>The number of messages in RabbitMQ's queues that contain a value.</summary>
    private async Task<int> Queued(string value)
    {
        using var api = new RabbitMqManagement(rough.Shared.Infrastructure.RabbitMq.Management!);
        await using var connection = await new ConnectionFactory { Uri = Sync.RabbitMq }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Stop);
        var found = 0;
        // Only its consumer may read this queue, whose messages name no lead.
        foreach (var queue in (await api.MessagesAsync(Sync.Name, Stop)).Keys.Except(["renew-channel"]))
        {
            // RabbitMQ returns the messages to the queue when the channel ends.
            while (await channel.BasicGetAsync(queue, autoAck: false, Stop) is { } message)
                found += Encoding.UTF8.GetString(message.Body.Span).Contains(value, StringComparison.Ordinal) ? 1 : 0;
        }

        return found;
    }
}
