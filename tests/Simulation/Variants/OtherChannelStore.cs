using LeadSync.Contracts;
using LeadSync.Gateway.Channels;

namespace LeadSync.Simulation;

/// <summary>Where a gateway would keep the channel that accepts earlier tokens for another time.</summary>
internal sealed class OtherChannelStore(IChannelStore store) : IChannelStore
{
    public required Func<TimeSpan, TimeSpan> Overlap { get; init; }

    public Task<StoredChannel> Get(CancellationToken ct) => store.Get(ct);

    public Task<AcceptedTokens> Accepted(CancellationToken ct) => store.Accepted(ct);

    public Task Accept(byte[] tokenHash, DateTimeOffset until, CancellationToken ct) => store.Accept(tokenHash, until, ct);

    public Task Replace(byte[] tokenHash, ChannelRenewed renewed, DateTimeOffset now, TimeSpan overlap, CancellationToken ct) =>
        store.Replace(tokenHash, renewed, now, Overlap(overlap), ct);
}
