using System.Text.Json;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Rebuilds;

/// <summary>A rebuild that an operator starts while the services run.</summary>
public sealed class RequestedRebuildTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_rebuild_under_live_changes_shows_its_readers_every_lead_at_every_moment()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 2_000);
        await sync.InSync();
        await sync.Value("insert into legacy.leads (id, modified_time) values ('1', '2001-01-01')");
        var isOver = false;
        var reading = Task.Run(async () =>
        {
            var least = long.MaxValue;
            while (!Volatile.Read(ref isOver))
                least = Math.Min(least, (long)(await sync.Value("select count(*) from legacy.leads"))!);
            return least;
        }, Stop);
        var changing = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                await sync.Change("edit", new { count = 2 });
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Stop);
            }
        }, Stop);

        var rebuild = await Ordered(sync, "/rebuild");
        Volatile.Write(ref isOver, true);
        await changing;

        (await reading).ShouldBeGreaterThanOrEqualTo(2_000);
        rebuild.GetProperty("phase").GetString().ShouldBe("done");
        rebuild.GetProperty("rowsDone").GetInt64().ShouldBe(2_000);
        rebuild.GetProperty("differences").GetInt64().ShouldBe(1);
        rebuild.GetProperty("swappedAt").GetDateTimeOffset().ShouldBeGreaterThan(rebuild.GetProperty("orderedAt").GetDateTimeOffset());
        await Truth.ShouldBeTheView(sync);

        (await Ordered(sync, "/rebuild?undo=true")).GetProperty("phase").GetString().ShouldBe("done");
        await sync.Change("edit", new { count = 50 });
        (await sync.Value("select count(*) from legacy.leads where id = '1'")).ShouldBe(1L, "the version before is served again");
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_rebuild_whose_projector_is_killed_is_completed()
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 500);
        await sync.InSync();
        await using var reader = await sync.Database.OpenConnectionAsync(Stop);
        await using (var reading = await reader.BeginTransactionAsync(Stop))
        {
            await RebuildParts.Execute(reader, "select count(*) from legacy.leads");
            (await sync.Scheduler.PostAsync("/rebuild", null, Stop)).EnsureSuccessStatusCode();
            await RunningSync.Until(
                "it waits for readers", async () => await sync.Value("select phase from projector.rebuilds") is "waiting for readers");
            ((int)(await sync.Scheduler.PostAsync("/rebuild", null, Stop)).StatusCode).ShouldBe(409, "one is running");
            await sync.Services.Projector.KillAsync();
        }

        await sync.Services.Projector.StartAsync(Stop);

        (await Done(sync)).GetProperty("differences").GetInt64().ShouldBe(0);
        await Truth.ShouldBeTheView(sync);
    }

    private static async Task<JsonElement> Ordered(RunningSync sync, string order)
    {
        (await sync.Scheduler.PostAsync(order, null, Stop)).EnsureSuccessStatusCode();
        return await Done(sync);
    }

    private static async Task<JsonElement> Done(RunningSync sync)
    {
        JsonElement rebuild = default;
        await RunningSync.Until("the rebuild is done", async () =>
            (rebuild = (await sync.Status()).GetProperty("rebuild")).GetProperty("phase").GetString() is "done" or "failed");
        return rebuild;
    }
}
