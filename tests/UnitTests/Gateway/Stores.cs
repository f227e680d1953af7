using LeadSync.Contracts;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.ServiceDefaults.Parking;

namespace LeadSync.UnitTests.Gateway;

/// <summary>Remembers the last channel in memory.</summary>
internal sealed class KeptChannel : IChannelStore
{
    private readonly List<AcceptedToken> tokens = [];

    public ChannelRenewed? LastRenewal { get; set; }

    public Task<StoredChannel> Get(CancellationToken ct) => Task.FromResult(new StoredChannel("1000", WasOpened: true, LastRenewal));

    public Task<AcceptedTokens> Accepted(CancellationToken ct) => Task.FromResult(new AcceptedTokens("1000", tokens));

    public Task Accept(byte[] tokenHash, DateTimeOffset until, CancellationToken ct)
    {
        tokens.Add(new AcceptedToken(tokenHash, until));
        return Task.CompletedTask;
    }

    public Task Replace(byte[] tokenHash, ChannelRenewed renewed, DateTimeOffset now, TimeSpan overlap, CancellationToken ct)
    {
        LastRenewal = renewed;
        return Task.CompletedTask;
    }
}

/// <summary>Forgets what is parked.</summary>
internal sealed class NoParking : IParkingLot
{
    public Task Park(IReadOnlyCollection<ParkedItem> items, CancellationToken ct) => Task.CompletedTask;
}

/// <summary>A record without further notifications.</summary>
internal sealed class NothingHeard : IReceivingRecord
{
    /// <summary>When the last notification arrived; null when none ever did.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    public Task<Heartbeats> EnterHeartbeat(bool hasRefused, CancellationToken ct) => throw new NotSupportedException();

    public Task Record(DateTimeOffset now, DateTimeOffset? heardAt, DateTimeOffset? crashedAt, CancellationToken ct) =>
        throw new NotSupportedException();

    public Task RemoveHeartbeat(CancellationToken ct) => throw new NotSupportedException();

    public Task<DateTimeOffset?> LastHeard(CancellationToken ct) => Task.FromResult(HeardAt);
}
