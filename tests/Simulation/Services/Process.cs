using LeadSync.ServiceDefaults.Bus;
using LeadSync.Simulation.Model;
using Npgsql;

namespace LeadSync.Simulation.Services;

/// <summary>A replica of a service. Dying forgets all that it knew and did; what it had not acknowledged comes again.</summary>
internal abstract class Process
{
    // As often as the service's retries.
    private const int Attempts = 7;

    private static readonly AsyncLocal<List<Task>?> Publishing = new();

    private readonly List<Envelope> held = [];
    private readonly Publish publish;

    /// <param name="mostSkew">How far its clock may be off at most.</param>
    protected Process(World world, string name, TimeSpan? mostSkew = null)
    {
        World = world;
        Name = name;
        var skew = world.Profile.Skew < mostSkew ? world.Profile.Skew : mostSkew ?? world.Profile.Skew;
        publish = world.Seams.Publishing(world, (message, ct) => Noted(world.Broker.Publish(this, message, ct)));
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
            await Settled(() => World.Seams.Handling(() => Handle(envelope)));
            if (World.Sometimes(10))
                await World.Step(this, "acknowledges");
            held.Remove(envelope);
        }
        catch (Exception e) when (e is UnbearableException && envelope.Attempt >= Attempts)
        {
            // As the service's filter parks what failed for good.
            World.Trace($"{Name} parks {envelope.Message}");
            if (held.Remove(envelope))
                World.Parked.Add(envelope);
        }
        catch (Exception e) when (e is AwayException or UnbearableException or NpgsqlException { IsTransient: true })
        {
            World.Trace($"{Name}: {e.Message}");
            if (held.Remove(envelope))
                World.Broker.Return([envelope]);
        }
        catch (Exception e)
        {
            World.Invariants.Break("no surprise", $"{Name}, {envelope.Message}: {e}");
        }
    }

    protected abstract Task Handle(Envelope envelope);

    /// <summary>What the service publishes with.</summary>
    protected Task Publish(object message, CancellationToken ct) => publish(message, ct);

    /// <summary>
    /// Lets the service act, and looks whether all that it publishes meanwhile is confirmed when it says that it is done.
    /// </summary>
    protected async Task Settled(Func<Task> act)
    {
        var published = new List<Task>();
        Publishing.Value = published;
        await act();
        if (published.Exists(message => !message.IsCompleted))
            World.Invariants.Break(
                "what follows is confirmed before it is acknowledged", $"{Name} was done before the broker had confirmed");
    }

    protected static Task Noted(Task message)
    {
        Publishing.Value?.Add(message);
        return message;
    }
}

/// <summary>A service cannot handle something, however often it tries.</summary>
internal sealed class UnbearableException(string message) : Exception(message);

/// <summary>The broker or the way to another service failed; the message comes again.</summary>
internal sealed class AwayException(string message) : Exception(message);
