using LeadSync.Contracts;
using LeadSync.Gateway.BulkReads;
using LeadSync.Gateway.Channels;
using LeadSync.Gateway.Notifications;
using LeadSync.Simulation.Services;

namespace LeadSync.Simulation.Model;

/// <summary>The rows of <c>gateway.channel</c> and <c>gateway.channel_token</c>.</summary>
internal sealed class ChannelRows
{
    public const string Id = "1000000068001";

    public bool WasOpened { get; set; }

    public ChannelRenewed? LastRenewal { get; set; }

    public List<AcceptedToken> Tokens { get; set; } = [];
}

/// <summary>One gateway's access to the channel's tables.</summary>
internal sealed class ChannelTable(World world, Process gateway) : IChannelStore
{
    private ChannelRows Rows => world.Channel;

    public async Task<StoredChannel> Get(CancellationToken ct)
    {
        await world.Database(gateway, "reads the channel", ct);
        return new StoredChannel(ChannelRows.Id, Rows.WasOpened, Rows.LastRenewal);
    }

    public async Task<AcceptedTokens> Accepted(CancellationToken ct)
    {
        await world.Database(gateway, "reads the tokens", ct);
        return new AcceptedTokens(ChannelRows.Id, [.. Rows.Tokens]);
    }

    public async Task Accept(byte[] tokenHash, DateTimeOffset until, CancellationToken ct)
    {
        await world.Database(gateway, "accepts a token", ct);
        Rows.Tokens.Add(new AcceptedToken(tokenHash, until));
    }

    public async Task Replace(byte[] tokenHash, ChannelRenewed renewed, DateTimeOffset now, TimeSpan overlap, CancellationToken ct)
    {
        await world.Database(gateway, "replaces the tokens", ct);
        Rows.WasOpened = true;
        Rows.LastRenewal = renewed;
        Rows.Tokens =
        [
            .. Rows.Tokens.Where(token => token.Until >= now).Select(token =>
                token.Hash.AsSpan().SequenceEqual(tokenHash) || token.Until < now + overlap ? token : token with { Until = now + overlap }),
        ];
    }
}

/// <summary>One gateway's access to the table <c>gateway.bulk_job</c>.</summary>
internal sealed class BulkJobTable(World world, Process gateway) : IBulkJobStore
{
    // A second job costs credits, and loses nothing. So the simulation lets two replicas create one.
    public async Task<IAsyncDisposable?> Reserve(Guid runId, int page, CancellationToken ct)
    {
        await world.Database(gateway, "reserves a job", ct);
        return Stream.Null;
    }

    public async Task<StoredJob?> Find(Guid runId, int page, CancellationToken ct)
    {
        await world.Database(gateway, "looks for a job", ct);
        return world.BulkJobs.GetValueOrDefault((runId, page));
    }

    public async Task Keep(Guid runId, int page, StoredJob job, CancellationToken ct)
    {
        await world.Database(gateway, "keeps a job", ct);
        world.BulkJobs[(runId, page)] = job;
    }
}

/// <summary>The rows of <c>gateway.receiving</c> and <c>gateway.replica</c>, in true time.</summary>
internal sealed class ReceivingRows
{
    public DateTimeOffset? Heartbeat { get; set; }

    /// <summary>Zoho's clock.</summary>
    public DateTimeOffset? HeardAt { get; set; }

    /// <summary>The heartbeats of the replicas, by name and start.</summary>
    public Dictionary<(string Name, int Start), DateTimeOffset> Replicas { get; } = [];
}

/// <summary>One gateway's access to the record of received notifications. The database has its own clock.</summary>
internal sealed class ReceivingTable(World world, GatewayProcess gateway) : IReceivingRecord
{
    private ReceivingRows Rows => world.Receiving;

    private TimeSpan Skew => world.DatabaseSkew;

    public async Task<Heartbeats> EnterHeartbeat(bool hasRefused, CancellationToken ct)
    {
        await Access("says that it is there");
        DateTimeOffset? own = Rows.Replicas.TryGetValue(gateway.Replica, out var before) ? before + Skew : null;
        if (own is null || !hasRefused)
            Rows.Replicas[gateway.Replica] = world.Now;
        var last = Rows.Heartbeat;
        Rows.Heartbeat ??= world.Now;
        Rows.HeardAt ??= world.Now + Skew;
        DateTimeOffset? first = null;
        foreach (var (replica, heartbeat) in Rows.Replicas)
            first = replica == gateway.Replica || heartbeat > first ? first : heartbeat;
        return new Heartbeats(own, last + Skew, first + Skew, world.Now + Skew);
    }

    public async Task Record(DateTimeOffset now, DateTimeOffset? heardAt, DateTimeOffset? crashedAt, CancellationToken ct)
    {
        await Access("records that it receives");
        Rows.Heartbeat = Latest(Rows.Heartbeat, now - Skew);
        Rows.HeardAt = Latest(Rows.HeardAt, heardAt);
        foreach (var (replica, _) in Rows.Replicas.Where(other => other.Value + Skew <= crashedAt && other.Key != gateway.Replica).ToList())
            Rows.Replicas.Remove(replica);
    }

    public Task RemoveHeartbeat(CancellationToken ct)
    {
        Rows.Replicas.Remove(gateway.Replica);
        return Task.CompletedTask;
    }

    public async Task<DateTimeOffset?> LastHeard(CancellationToken ct)
    {
        await world.Database(gateway, "reads when a notification was last heard", ct);
        return Rows.HeardAt;
    }

    // A heartbeat takes a moment, and sometimes longer.
    private async Task Access(string what)
    {
        if (world.Sometimes(2))
            await world.Step(gateway, what);
        if (world.IsDatabaseAway())
            throw World.NoDatabase();
    }

    private static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one > other || other is null ? one : other;
}
