using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Surfaces;

/// <summary>Checks every surface, like <see cref="EverySurfaceTests"/>, while RabbitMQ or PostgreSQL is away.</summary>
public sealed class EverySurfaceWithoutServersTests(SharedServers shared)
{
    private static readonly string[] All = ["gateway", "projector", "scheduler"];

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task every_surface_tells_the_truth_while_a_server_is_away()
    {
        await using var watched = await WatchedSync.StartAsync(shared);
        var sync = watched.Sync;
        await watched.Settles();

        await sync.WayToRabbitMq.RefuseAsync();
        await watched.Shows(new("RabbitMQ is away", InSync: false, "bad", "brokerDown")
        {
            NotReady = All,
            Status = Ending.No("After 3 s the view is not in sync. RabbitMQ has been unreachable for 5 s: "),
            CatchUp = Ending.No("RabbitMQ has been unreachable for 5 s: Connection refused"),
            Compare = Ending.No("RabbitMQ has been unreachable for 5 s: Connection refused"),
        });
        await sync.WayToRabbitMq.ResetAsync();
        await watched.Settles();

        await sync.WayToPostgres.RefuseAsync();
        await watched.Shows(new("PostgreSQL is away", InSync: false, "bad", "cannotSee")
        {
            Sight = Sight.Blind,
            NotReady = All,
            Status = Ending.Unreachable("The scheduler has been unable to read its database since 12:00:00 UTC, for 5 s: "),
            CatchUp = Ending.Unreachable("cannot do this now. The database does not answer now: try again in a few seconds."),
            Compare = Ending.Unreachable("cannot do this now. The database does not answer now: try again in a few seconds."),
        });
        await sync.WayToPostgres.ResetAsync();
        await watched.Settles();

        await sync.SetReadOnly(true);
        await watched.Shows(new("PostgreSQL takes no writes", InSync: false, "bad", "cannotWrite")
        {
            HasOldRow = true,
            Status = Ending.No("After 3 s the view is not in sync. The scheduler has been unable to write its database since 12:00:00 UTC"),
            CatchUp = Ending.Unreachable("cannot do this now. The database refuses this now: cannot execute "),
            Compare = Ending.Unreachable("cannot do this now. The database refuses this now: cannot execute "),
        });
        await sync.SetReadOnly(false);
        await watched.Settles();
        await sync.Change("edit", new { count = 3 });
        await Truth.ShouldBeTheView(sync);
        await watched.Shows(new("All is well", InSync: true, "good")
        {
            Status = Ending.InSync, CatchUp = Ending.CaughtUp, Compare = Ending.Compared,
        });
        watched.ShouldHaveToldTheTruth();
    }
}
