using LeadSync.Contracts;
using LeadSync.Gateway.Channels;

namespace LeadSync.Simulation.Mutants;

/// <summary>A channel store that accepts tokens for another time.</summary>
internal sealed class OtherChannelStore(IChannelStore store) : IChannelStore
{
    private readonly Dictionary<byte[], DateTimeOffset> waiting = [];

    public Func<TimeSpan, TimeSpan> Overlap { get; init; } = overlap => overlap;

    /// <summary>Accepts a token only when it replaces the others.</summary>
    public bool AcceptsLate { get; init; }

    public Task<StoredChannel> Get(CancellationToken ct) => store.Get(ct);

    public Task<AcceptedTokens> Accepted(CancellationToken ct) => store.Accepted(ct);

    public Task Accept(byte[] tokenHash, DateTimeOffset until, CancellationToken ct)
    {
        if (!AcceptsLate)
            return store.Accept(tokenHash, until, ct);

        waiting[tokenHash] = until;
        return Task.CompletedTask;
    }

    public async Task Replace(byte[] tokenHash, ChannelRenewed renewed, DateTimeOffset now, TimeSpan overlap, CancellationToken ct)
    {
        if (waiting.Remove(tokenHash, out var until))
            await store.Accept(tokenHash, until, ct);
        await store.Replace(tokenHash, renewed, now, Overlap(overlap), ct);
    }
}
