using LeadSync.Scheduler.Reconciling;
using LeadSync.Scheduler.Recording;
using LeadSync.Simulation.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSync.Simulation.Services;

/// <summary>
/// A replica of the scheduler: records messages, and takes steps while it holds the leader lock. The lock and the database are models.
/// </summary>
internal sealed class SchedulerProcess(World world, int number) : Process(world, $"scheduler {number}", TimeSpan.FromSeconds(90))
{
    private ISyncLog log = null!;
    private Reconciliation reconciliation = null!;
    private bool stepping;

    public bool Leads { get; private set; }

    public override void Start()
    {
        base.Start();
        log = World.Seams.Log(World, new SyncLogTable(World, this));
        reconciliation = new Reconciliation(log, Publish, World.Profile.Options, Clock, NullLogger<Reconciliation>.Instance);
    }

    public override void Crash()
    {
        Leads = stepping = false;
        base.Crash();
    }

    /// <summary>Takes the lock away. A running step has not noticed it yet.</summary>
    public void LoseLock() => Leads = false;

    /// <returns>False when the scheduler can do nothing now.</returns>
    public bool Act()
    {
        if (!IsUp || stepping)
            return false;

        _ = Run();
        return true;
    }

    protected override Task Handle(Envelope envelope) => log.Record([envelope.Message], default);

    private async Task Run()
    {
        stepping = true;
        try
        {
            if (!Leads)
                await Lead();
            await World.Database(this, "reads the state");
            await reconciliation.Step(World.Log.State, World.Log.Version, default);
        }
        catch (Exception e) when (e is AwayException or NpgsqlException or TimeoutException)
        {
            Leads = false;
        }
        catch (Exception e)
        {
            World.Invariants.Break("no surprise", $"{Name}: {e}");
        }

        stepping = false;
    }

    private async Task Lead()
    {
        await World.Database(this, "takes the leader lock");
        foreach (var other in World.Schedulers)
            other.LoseLock();
        Leads = true;
        await reconciliation.Begin(default);
    }
}
