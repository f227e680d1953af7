using System.Security.Cryptography;
using System.Text;
using LeadSync.ServiceDefaults.Bus;
using Npgsql;

namespace LeadSync.Gateway.Channels;

/// <summary>The channel, and the tokens that its notifications are accepted with, at one moment.</summary>
internal sealed record AcceptedTokens(string ChannelId, IReadOnlyList<AcceptedToken> Tokens)
{
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>Compares in constant time: how long it takes says nothing about how much of a token is right.</summary>
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
/// The accepted tokens as this replica knows them. They are read again when a token is unknown, since another replica may have renewed the
/// channel a moment ago, and once a minute.
/// </summary>
internal sealed class ChannelTokens : IDisposable
{
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(1);

    // Whoever sends wrong tokens must not keep the database busy.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Less than a notification's: when the database hangs, what is known serves as well as when it is away.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Func<CancellationToken, Task<AcceptedTokens>> read;
    private readonly TimeProvider time;
    private readonly Gathering<ValueTuple> readings;
    private volatile AcceptedTokens? accepted;
    private DateTimeOffset triedAt;

    /// <param name="read">Reads them from where all replicas keep them.</param>
    public ChannelTokens(Func<CancellationToken, Task<AcceptedTokens>> read, TimeProvider time)
    {
        (this.read, this.time) = (read, time);
        readings = new(most: int.MaxValue, hands: 1, Pause, time, Read);
    }

    /// <summary>As they were a minute ago, or whatever is known when the database is away.</summary>
    /// <exception cref="NpgsqlException">They have never been read, and cannot be read now.</exception>
    /// <exception cref="OperationCanceledException">The same, or whoever asks does not wait any longer.</exception>
    public async Task<AcceptedTokens> Current(CancellationToken ct)
    {
        if (accepted is { } fresh && time.GetUtcNow() - triedAt < MaximumAge)
            return fresh;

        try
        {
            return await Latest(ct);
        }
        catch (Exception e) when (accepted is not null && e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            // Notifications go on without the database.
            return accepted;
        }
    }

    /// <summary>As they are now: a token that is not among them is none of ours. Waits for a moment if they were just read.</summary>
    /// <exception cref="NpgsqlException">They cannot be read, so that nobody knows.</exception>
    /// <exception cref="OperationCanceledException">The same, or whoever asks does not wait any longer.</exception>
    public async Task<AcceptedTokens> Latest(CancellationToken ct)
    {
        // Many wait for the same reading, which begins after they asked.
        await readings.Add(default).WaitAsync(ct);
        return accepted!;
    }

    public void Dispose() => readings.Dispose();

    private async Task Read(IReadOnlyList<ValueTuple> _)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        triedAt = time.GetUtcNow();
        accepted = await read(patience.Token);
    }
}
