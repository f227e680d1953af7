using LeadSync.Simulation.Model;

namespace LeadSync.Simulation.Services;

/// <summary>A replica of a service. Dying forgets all that it knew and did; what it had not acknowledged comes again.</summary>
internal abstract class Process
{
    private readonly List<Envelope> held = [];
    private DateTimeOffset stalledUntil;

    /// <param name="mostSkew">How far its clock may be off at most.</param>
    protected Process(World world, string name, TimeSpan? mostSkew = null)
    {
        World = world;
        Name = name;
        var skew = world.Setting.Skew < mostSkew ? world.Setting.Skew : mostSkew ?? world.Setting.Skew;
        Clock = new ProcessClock(world, skew == TimeSpan.Zero ? skew : world.Chance.Of(-skew, skew, TimeSpan.Zero));
    }

    public string Name { get; }

    public bool IsUp { get; private set; }

    public ProcessClock Clock { get; }

    /// <summary>Its machine does nothing, and does not know it.</summary>
    public bool IsStalled => !World.IsQuiet && World.Now < stalledUntil;

    protected DateTimeOffset StalledSince { get; private set; }

    protected World World { get; }

    public virtual void Start()
    {
        World.Trace($"{Name} starts");
        IsUp = true;
    }

    public virtual void Crash()
    {
        World.Trace($"{Name} dies");
        IsUp = false;
        World.Forget(this);
        World.Broker.Return(held);
        held.Clear();
    }

    public void Stall(TimeSpan time)
    {
        World.Trace($"{Name} stalls");
        StalledSince = IsStalled ? StalledSince : World.Now;
        stalledUntil = World.Now + time;
    }

    public bool Holds(Queue queue) => held.Exists(envelope => envelope.Queue == queue);

    /// <summary>Handles messages, and acknowledges them when that went well.</summary>
    public async Task Consume(IReadOnlyList<Envelope> batch)
    {
        held.AddRange(batch);
        try
        {
            if (World.Seams.AcknowledgesFirst && World.Chance.Percent(50))
                Drop(batch);
            await Handle(batch);
            if (World.Fails(10))
                await World.Step(this, "acknowledges");
            Drop(batch);
        }
        catch (OutageException e)
        {
            World.Trace($"{Name}: {e.Message}");
            var again = batch.Where(held.Contains).ToList();
            Drop(batch);
            World.Broker.Return(again);
        }
        catch (Exception e)
        {
            World.Guarantees.Break("no surprise", $"{Name}, {batch[0].Message}: {e}");
        }
    }

    protected abstract Task Handle(IReadOnlyList<Envelope> batch);

    protected Task Publish(object message) => World.Broker.Publish(this, message);

    private void Drop(IEnumerable<Envelope> batch)
    {
        foreach (var envelope in batch)
            held.Remove(envelope);
    }
}

/// <summary>The broker, the database or the way to another service failed; the message comes again.</summary>
internal sealed class OutageException(string message) : Exception(message);
