using LeadSync.ServiceDefaults.Bus;
using LeadSync.Simulation.Model;
using Npgsql;

namespace LeadSync.Simulation.Services;

/// <summary>A replica of a service. A crash loses its memory, and the broker delivers its unacknowledged messages again.</summary>
internal abstract class Process
{
    // The number of the service's retries.
    private const int Attempts = 7;

    private static readonly AsyncLocal<List<Task>?> Publishing = new();

    private readonly List<Envelope> held = [];
    private readonly Publish publish;

    /// <param name="mostSkew">The largest error of its clock.</param>
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

    /// <summary>The machine stalls without noticing it.</summary>
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

    /// <summary>Handles a message, and acknowledges it on success.</summary>
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
            // Parks a message that finally failed, like the service's filter.
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

    /// <summary>The service's publisher.</summary>
    protected Task Publish(object message, CancellationToken ct) => publish(message, ct);

    /// <summary>
    /// Lets the service act, and checks at the end that the broker has confirmed every message that it published.
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

/// <summary>A service always fails with a message.</summary>
internal sealed class UnbearableException(string message) : Exception(message);

/// <summary>The broker or a call to another service failed. The broker delivers the message again.</summary>
internal sealed class AwayException(string message) : Exception(message);
