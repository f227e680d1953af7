using System.Text.Json;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Rebuilds;

/// <summary>A rebuild that an operator starts while the services run.</summary>
[Collection(nameof(ShortLivedChannelSync))]
public sealed class RequestedRebuildTests(ShortLivedChannelSync channel)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningSync Sync => channel.Sync;

    [Fact]
    public async Task a_rebuild_under_live_changes_shows_its_readers_every_lead_at_every_moment()
    {
        var living = (long)(await Sync.Value("select count(*) from legacy.leads"))!;
        await Sync.Value("insert into legacy.leads (id, modified_time) values ('1', '2001-01-01')");
        var isOver = false;
        var reading = Task.Run(async () =>
        {
            var least = long.MaxValue;
            while (!Volatile.Read(ref isOver))
                least = Math.Min(least, (long)(await Sync.Value("select count(*) from legacy.leads"))!);
            return least;
        }, Stop);
        var changing = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                await Sync.Change("edit", new { count = 2 });
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Stop);
            }
        }, Stop);

        var rebuild = await Ordered("/rebuild");
        Volatile.Write(ref isOver, true);
        await changing;

        (await reading).ShouldBeGreaterThanOrEqualTo(living);
        rebuild.GetProperty("phase").GetString().ShouldBe("done");
        rebuild.GetProperty("rowsDone").GetInt64().ShouldBe(await Sync.Value("select count(*) from projector.leads"));
        rebuild.GetProperty("differences").GetInt64().ShouldBe(1);
        rebuild.GetProperty("swappedAt").GetDateTimeOffset().ShouldBeGreaterThan(rebuild.GetProperty("orderedAt").GetDateTimeOffset());
        await Truth.ShouldBeTheView(Sync);

        (await Ordered("/rebuild?undo=true")).GetProperty("phase").GetString().ShouldBe("done");
        await Sync.Change("edit", new { count = 50 });
        (await Sync.Value("select count(*) from legacy.leads where id = '1'")).ShouldBe(1L, "the version before is served again");
        await Sync.Value("delete from legacy.leads where id = '1'");
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_rebuild_whose_projector_is_killed_is_completed()
    {
        await using var reader = await Sync.Database.OpenConnectionAsync(Stop);
        await using (var reading = await reader.BeginTransactionAsync(Stop))
        {
            await RebuildParts.Execute(reader, "select count(*) from legacy.leads");
            (await Sync.Scheduler.PostAsync("/rebuild", null, Stop)).EnsureSuccessStatusCode();
            await RunningSync.Until(
                "it waits for readers", async () => await Sync.Value("select phase from projector.rebuilds") is "waiting for readers");
            ((int)(await Sync.Scheduler.PostAsync("/rebuild", null, Stop)).StatusCode).ShouldBe(409, "one is running");
            await Sync.Services.Projector.KillAsync();
        }

        await Sync.Services.Projector.StartAsync(Stop);

        (await Done()).GetProperty("differences").GetInt64().ShouldBe(0);
        await Truth.ShouldBeTheView(Sync);
    }

    private async Task<JsonElement> Ordered(string order)
    {
        (await Sync.Scheduler.PostAsync(order, null, Stop)).EnsureSuccessStatusCode();
        return await Done();
    }

    private async Task<JsonElement> Done()
    {
        JsonElement rebuild = default;
        await RunningSync.Until("the rebuild is done", async () =>
            (rebuild = (await Sync.Status()).GetProperty("rebuild")).GetProperty("phase").GetString() is "done" or "failed");
        return rebuild;
    }
}
