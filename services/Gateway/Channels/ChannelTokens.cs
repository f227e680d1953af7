using System.Security.Cryptography;
using System.Text;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Shutdown;
using Npgsql;

namespace LeadSync.Gateway.Channels;

/// <summary>The channel, and the tokens that its notifications may carry, at one moment.</summary>
internal sealed record AcceptedTokens(string ChannelId, IReadOnlyList<AcceptedToken> Tokens)
{
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Compares in constant time, so that the duration reveals nothing about the token.</summary>
    public bool Include(string token, DateTimeOffset now)
    {
        var hash = Hash(token);
        var found = false;
        foreach (var accepted in Tokens)
            found |= CryptographicOperations.FixedTimeEquals(accepted.Hash, hash) & now <= accepted.Until;
        return found;
    }
}

internal sealed record AcceptedToken(byte[] Hash, DateTimeOffset Until);

/// <summary>
/// The accepted tokens as this replica knows them. The replica reads them again once a minute, and when a notification has an unknown
/// token: another replica may just have renewed the channel.
/// </summary>
internal sealed class ChannelTokens : IDisposable
{
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(1);

    // A sender of wrong tokens must not keep the database busy.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Less than the patience of a notification: when the database hangs, the known tokens still serve.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Func<CancellationToken, Task<AcceptedTokens>> read;
    private readonly TimeProvider clock;
    private readonly Batcher<ValueTuple> readings;
    private volatile AcceptedTokens? accepted;
    private DateTimeOffset triedAt;

    /// <param name="read">Reads the tokens from the place that all replicas share.</param>
    public ChannelTokens(Func<CancellationToken, Task<AcceptedTokens>> read, TimeProvider clock)
    {
        (this.read, this.clock) = (read, clock);
        readings = new(maxBatchSize: int.MaxValue, maxConcurrentBatches: 1, Pause, clock, Read);
    }

    /// <summary>The tokens as of a minute ago at most, or the last known ones while the database is away.</summary>
    /// <exception cref="NpgsqlException">They have never been read, and cannot be read now.</exception>
    /// <exception cref="OperationCanceledException">The same, or the caller does not wait any longer.</exception>
    public async Task<AcceptedTokens> Current(CancellationToken ct)
    {
        if (accepted is { } fresh && clock.GetUtcNow() - triedAt < MaximumAge)
            return fresh;

        try
        {
            return await Latest(ct);
        }
        catch (Exception e) when (accepted is not null && !e.IsRequestedEnd(ct))
        {
            // Notifications still arrive while the database is away.
            return accepted;
        }
    }

    /// <summary>The tokens as of now. Waits for a second at most if they were just read. A token that is not among them is not
    /// ours.</summary>
    /// <exception cref="NpgsqlException">They cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The same, or the caller does not wait any longer.</exception>
    public async Task<AcceptedTokens> Latest(CancellationToken ct)
    {
        // Many callers share one reading, which begins after they asked.
        await readings.Add(default).WaitAsync(ct);
        return accepted!;
    }

    public void Dispose() => readings.Dispose();

    private async Task Read(IReadOnlyList<ValueTuple> _)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        triedAt = clock.GetUtcNow();
        accepted = await read(patience.Token);
    }
}
