using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;

namespace LeadSync.UnitTests.Scheduler.Recording;

public sealed class SnapshotsTests
{
    [Fact]
    public void a_stored_snapshot_is_the_state_to_which_the_events_fold()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(
            new GapDetected("No gateway could receive notifications for a while.", sync.Now.AddMinutes(1), sync.Now.AddMinutes(3),
                GapKind.NoGateway),
            new CreditsCounted(10, 5000, 1000, null, sync.Now.AddHours(3), sync.Now),
            new SyncPaused(sync.Now, "Ana", "Zoho maintenance"),
            new RebuildRequested(false, null, sync.Now),
            new CatchUpRequested(sync.Now, Guid.NewGuid()),
            new FullComparisonRequested(sync.Now, Guid.NewGuid()),
            new VersionSeen("gateway", "1.1.0", sync.Now));
        var kept = Snapshots.Write(sync.State);

        var read = Snapshots.Read(kept).ShouldNotBeNull();

        Snapshots.Write(read).ShouldBe(kept);
        Snapshots.Write(SyncState.Apply(read, new SyncResumed(sync.Now)))
            .ShouldBe(Snapshots.Write(SyncState.Apply(sync.State, new SyncResumed(sync.Now))));
        Plan.Next(read, sync.Options, sync.Now.AddDays(2))
            .Decisions.Count.ShouldBe(Plan.Next(sync.State, sync.Options, sync.Now.AddDays(2)).Decisions.Count);
    }

    [Fact]
    public void an_unreadable_snapshot_is_ignored() => Snapshots.Read("{ \"Gaps\": 3 }").ShouldBeNull();
}
