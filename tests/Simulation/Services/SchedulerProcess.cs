using LeadSync.Scheduler.Planning;
using LeadSync.Simulation.Model;

namespace LeadSync.Simulation.Services;

/// <summary>A scheduler: records what it hears, and while it leads takes steps of the real plan as <c>Reconciler</c> and <c>Tick</c> do.</summary>
internal sealed class SchedulerProcess(World world, int number) : Process(world, $"scheduler {number}", TimeSpan.FromSeconds(90))
{
    private bool ticking;

    public bool Leads { get; private set; }

    public override void Crash()
    {
        Leads = ticking = false;
        base.Crash();
    }

    /// <summary>The lock is gone, which a step that is being taken has not noticed yet.</summary>
    public void LoseLock() => Leads = false;

    /// <returns>False when it cannot do anything now.</returns>
    public bool Act()
    {
        if (!IsUp || ticking)
            return false;

        _ = Run();
        return true;
    }

    protected override async Task Handle(IReadOnlyList<Envelope> batch)
    {
        await World.Database(this, "records");
        World.Trace($"heard: {batch[0].Message}");
        World.Log.Record(batch[0].Message);
    }

    private async Task Run()
    {
        ticking = true;
        try
        {
            if (!Leads)
                await Lead();
            await Tick();
        }
        catch (OutageException)
        {
            Leads = false;
        }
        catch (Exception e)
        {
            World.Guarantees.Break("no surprise", $"{Name}: {e}");
        }

        ticking = false;
    }

    private async Task Lead()
    {
        await World.Database(this, "begins to lead");
        foreach (var other in World.Schedulers)
            other.LoseLock();
        Leads = true;
        World.Log.Record(new LeadershipTaken(Clock.GetUtcNow()));
    }

    private async Task Tick()
    {
        await World.Database(this, "reads the state");
        var (state, version) = (World.Log.State, World.Log.Version);
        var step = World.Seams.Next(state, World.Setting.Options, Clock.GetUtcNow());
        if (step.Decisions.Count > 0)
        {
            await World.Database(this, "decides");
            if (!World.Log.TryRecord(step.Decisions, version))
                return;
        }

        foreach (var dispatch in step.Commands)
        {
            await Publish(dispatch.Command);
            await World.Database(this, "records what was sent");
            World.Log.Record(dispatch.Sent);
        }
    }
}
