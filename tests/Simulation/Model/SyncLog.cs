using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;
using LeadSync.Simulation.Services;

namespace LeadSync.Simulation.Model;

/// <summary>The scheduler's stream.</summary>
internal sealed class SyncLog(World world)
{
    public SyncState State { get; private set; } = SyncState.Empty;

    public long Version { get; private set; }

    /// <summary>The number of events, without the confirmations of the channel, which never end.</summary>
    public long News { get; private set; }

    public void Record(object @event)
    {
        var before = State;
        State = world.Seams.Apply(State, @event);
        Version++;
        News += @event is ChannelConfirmed or CheckChannelSent ? 0 : 1;
        world.Invariants.Recorded(before, @event);
    }
}

/// <summary>One scheduler's access to the stream.</summary>
internal sealed class SyncLogTable(World world, Process scheduler) : ISyncLog
{
    public async Task<bool> TryRecord(IReadOnlyCollection<object> decisions, long madeFrom, CancellationToken cancellation)
    {
        await world.Database(scheduler, "decides", cancellation);
        if (world.Log.Version != madeFrom)
            return false;

        foreach (var decision in decisions)
        {
            world.Trace($"decided: {decision}");
            world.Log.Record(decision);
        }

        world.Committed();
        return true;
    }

    public async Task Record(IReadOnlyCollection<object> facts, CancellationToken cancellation)
    {
        await world.Database(scheduler, "records", cancellation);
        foreach (var fact in facts)
        {
            world.Trace($"recorded: {fact}");
            world.Log.Record(fact);
        }

        world.Committed();
    }
}
