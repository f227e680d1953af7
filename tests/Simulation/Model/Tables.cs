using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Scheduler.Planning;

namespace LeadSync.Simulation.Model;

/// <summary>The gateway's tables: the channel and its tokens, and when notifications could last be received.</summary>
internal sealed class ChannelTable
{
    public const string Id = "1000000068001";

    private List<AcceptedToken> tokens = [];
    private int made;

    public bool WasOpened { get; private set; }

    public DateTimeOffset? Heartbeat { get; set; }

    /// <summary>The heartbeats of the replicas, by name and start.</summary>
    public Dictionary<(string Name, int Start), DateTimeOffset> Replicas { get; } = [];

    /// <summary>When a notification was last accepted, or listening began; Zoho's clock.</summary>
    public DateTimeOffset? HeardAt { get; set; }

    public int NewToken() => ++made;

    public AcceptedTokens Accepted => new(Id, [.. tokens]);

    public void Accept(byte[] hash, DateTimeOffset until) => tokens.Add(new AcceptedToken(hash, until));

    /// <summary>As <see cref="ChannelStore.Replace"/> does.</summary>
    public void Replace(byte[] hash, DateTimeOffset now, TimeSpan overlap)
    {
        WasOpened = true;
        var soon = now + overlap;
        tokens = [.. tokens.Where(token => token.Until >= now || token.Hash.AsSpan().SequenceEqual(hash))
            .Select(token => token.Hash.AsSpan().SequenceEqual(hash) || token.Until < soon ? token : token with { Until = soon })];
    }
}

/// <summary>The scheduler's stream.</summary>
internal sealed class SyncLog(World world)
{
    public SyncState State { get; private set; } = SyncState.Empty;

    public long Version { get; private set; }

    /// <summary>How many events were more than the channel's being confirmed from time to time, which goes on without end.</summary>
    public long News { get; private set; }

    public void Record(object @event)
    {
        var before = State;
        State = world.Seams.Apply(State, @event);
        Version++;
        News += @event is ChannelConfirmed or CheckChannelSent ? 0 : 1;
        world.Guarantees.Recorded(before, @event);
    }

    public bool TryRecord(IReadOnlyCollection<object> events, long madeFrom)
    {
        if (Version != madeFrom)
            return false;

        foreach (var @event in events)
        {
            world.Trace($"decided: {@event}");
            Record(@event);
        }

        return true;
    }
}
