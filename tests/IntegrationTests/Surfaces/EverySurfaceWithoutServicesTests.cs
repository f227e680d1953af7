using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;
using Npgsql;

namespace LeadSync.IntegrationTests.Surfaces;

/// <summary>Checks every surface, like <see cref="EverySurfaceTests"/>, while one of the services is away.</summary>
public sealed class EverySurfaceWithoutServicesTests(SharedServers shared)
{
    private const string NoConnection = "does not answer (no connection): start it, or say where it is with --url.";

    private const string LeadersLock = "(classid::bigint << 32 | objid::bigint) = x'6c65616473796e63'::bigint and locktype = 'advisory' "
        + "and database = (select oid from pg_database where datname = current_database())";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task every_surface_tells_the_truth_while_a_service_is_away()
    {
        await using var watched = await WatchedSync.StartAsync(shared);
        var sync = watched.Sync;
        await watched.Settles();

        await sync.Services.Projector.StopAsync();
        await watched.Shows(new("No projector runs", InSync: false, "bad", "serviceDown")
        {
            NotReady = ["projector"],
            Status = Ending.No("After 3 s the view is not in sync. No projector has run for 30 s: no change reaches the view. Start it."),
            // Nothing had changed in Zoho, so nothing has to reach the view.
            CatchUp = Ending.CaughtUp,
            Compare = Ending.No("No projector has run for 30 s: no change reaches the view. Start it."),
        });
        await sync.Services.Projector.StartAsync(Stop);
        await watched.Settles();

        await TakeTheLead(sync);
        await watched.Shows(new("The leading scheduler hangs", InSync: false, "bad", "leaderHangs")
        {
            Status = Ending.No("After 3 s the view is not in sync. The leading scheduler hangs: it has done nothing for 60 s. Restart it."),
            CatchUp = Ending.No("After 3 s it has not ended. The catch-up has not begun. The leading scheduler hangs: "),
            Compare = Ending.No("After 3 s it has not ended. The comparison has not begun. The leading scheduler hangs: "),
        });
        await EndTheLead(sync);
        await watched.Settles();

        sync.Services.Scheduler.Pause();
        await watched.Shows(new("The only scheduler is frozen", InSync: false, "bad")
        {
            Sight = Sight.Gone,
            HasOldRow = true,
            NotReady = ["scheduler"],
            Status = Ending.Unreachable("The scheduler has not answered for 3 s."),
            CatchUp = Ending.Unreachable("The scheduler did not answer within 3 s."),
            Compare = Ending.Unreachable("The scheduler did not answer within 3 s."),
        });
        sync.Services.Scheduler.Resume();
        await watched.Settles();

        await sync.Services.Scheduler.KillAsync();
        await watched.Shows(new("No scheduler runs", InSync: false, "bad")
        {
            Sight = Sight.Gone,
            HasOldRow = true,
            NotReady = ["scheduler"],
            Status = Ending.Unreachable(NoConnection),
            CatchUp = Ending.Unreachable(NoConnection),
            Compare = Ending.Unreachable(NoConnection),
        });
        await sync.Services.Scheduler.StartAsync(Stop);
        await watched.Settles();

        await sync.Services.Gateway.StopAsync();
        await watched.Shows(new("No gateway runs", InSync: false, "bad", "serviceDown")
        {
            NotReady = ["gateway"],
            Status = Ending.No("After 3 s the view is not in sync. No gateway has run for 30 s: no notification is received. Start it."),
            CatchUp = Ending.No("After 3 s it has not ended. Catching up: 0 of ? pages. No gateway has run for 30 s: "
                + "no notification is received. Start it."),
            Compare = Ending.No("After 3 s it has not ended. Comparing: Zoho is preparing the first page. No gateway has run for 30 s: "
                + "no notification is received. Start it."),
        });
        await sync.Services.Gateway.StartAsync(Stop);
        await watched.Settles();
        await sync.Change("edit", new { count = 3 });
        await Truth.ShouldBeTheView(sync);
        await watched.Shows(new("All is well", InSync: true, "good")
        {
            Status = Ending.InSync, CatchUp = Ending.CaughtUp, Compare = Ending.Compared,
        });
        watched.ShouldHaveToldTheTruth();
    }

    /// <summary>Takes the leader's lock, as a scheduler that hangs keeps it.</summary>
    private static async Task TakeTheLead(RunningSync sync)
    {
        var connection = await sync.Database.OpenConnectionAsync(Stop);
        await using var take = new NpgsqlCommand("select pg_advisory_lock(x'6c65616473796e63'::bigint)", connection);
        var taken = take.ExecuteNonQueryAsync(Stop);
        await RunningSync.Until("the test is next", async () =>
            await sync.Value($"select 1 from pg_locks where {LeadersLock} and not granted") is 1);
        await EndTheLead(sync);
        await taken;
    }

    private static async Task EndTheLead(RunningSync sync) =>
        await sync.Value($"select pg_terminate_backend(pid) from pg_locks where {LeadersLock} and granted");
}
