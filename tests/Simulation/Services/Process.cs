using LeadSync.ServiceDefaults.Bus;
using LeadSync.Simulation.Model;
using Npgsql;

namespace LeadSync.Simulation.Services;

/// <summary>A replica of a service. Dying forgets all that it knew and did; what it had not acknowledged comes again.</summary>
internal abstract class Process
{
    private readonly List<Envelope> held = [];
    private readonly Publish publish;

    /// <param name="mostSkew">How far its clock may be off at most.</param>
    protected Process(World world, string name, TimeSpan? mostSkew = null)
    {
        World = world;
        Name = name;
        var skew = world.Setting.Skew < mostSkew ? world.Setting.Skew : mostSkew ?? world.Setting.Skew;
        publish = world.Seams.Publishing(world, (message, ct) => world.Broker.Publish(this, message, ct));
        Clock = new ProcessClock(world, this, skew == TimeSpan.Zero ? skew : world.Chance.Of(-skew, skew, TimeSpan.Zero));
    }

    public string Name { get; }

    public bool IsUp { get; private set; }

    public ProcessClock Clock { get; }

    /// <summary>Its machine does nothing, and does not know it.</summary>
    public bool IsStalled => !World.IsQuiet && World.Now < StalledUntil;

    public DateTimeOffset StalledUntil { get; private set; }

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
        StalledUntil = World.Now + time;
    }

    public bool Holds(Queue queue) => held.Exists(envelope => envelope.Queue == queue);

    /// <summary>Handles a message, and acknowledges it when that went well.</summary>
    public async Task Consume(Envelope envelope)
    {
        held.Add(envelope);
        try
        {
            if (World.Seams.AcknowledgesFirst && World.Chance.Percent(50))
                held.Remove(envelope);
            await Handle(envelope);
            if (World.Fails(10))
                await World.Step(this, "acknowledges");
            held.Remove(envelope);
        }
        catch (Exception e) when (e is OutageException or NpgsqlException { IsTransient: true })
        {
            World.Trace($"{Name}: {e.Message}");
            if (held.Remove(envelope))
                World.Broker.Return([envelope]);
        }
        catch (Exception e)
        {
            World.Guarantees.Break("no surprise", $"{Name}, {envelope.Message}: {e}");
        }
    }

    protected abstract Task Handle(Envelope envelope);

    /// <summary>What the service publishes with.</summary>
    protected Task Publish(object message, CancellationToken ct = default) => publish(message, ct);
}

/// <summary>The broker or the way to another service failed; the message comes again.</summary>
internal sealed class OutageException(string message) : Exception(message);
