using System.Security.Cryptography;
using System.Text;
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
/// <param name="read">Reads them from where all replicas keep them.</param>
internal sealed class ChannelTokens(Func<CancellationToken, Task<AcceptedTokens>> read, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(1);

    // Whoever sends wrong tokens must not keep the database busy.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1);
    private volatile AcceptedTokens? accepted;
    private DateTimeOffset readAt;
    private DateTimeOffset triedAt;

    /// <summary>As they were a minute ago, or whatever is known when the database is away.</summary>
    /// <exception cref="NpgsqlException">They have never been read, and cannot be read now.</exception>
    public async Task<AcceptedTokens> Current(CancellationToken ct)
    {
        if (accepted is { } fresh && time.GetUtcNow() - triedAt < MaximumAge)
            return fresh;

        try
        {
            return await Latest(ct);
        }
        catch (NpgsqlException) when (accepted is not null)
        {
            // Notifications go on without the database.
            return accepted;
        }
    }

    /// <summary>As they are now: a token that is not among them is none of ours. Waits for a moment if they were just read.</summary>
    /// <exception cref="NpgsqlException">They cannot be read, so that nobody knows.</exception>
    public async Task<AcceptedTokens> Latest(CancellationToken ct)
    {
        var asked = time.GetUtcNow();
        await gate.WaitAsync(ct);
        try
        {
            // Many may have waited for the same reading.
            if (accepted is null || readAt <= asked)
                await Read(ct);
            return accepted!;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task Read(CancellationToken ct)
    {
        if (triedAt + Pause - time.GetUtcNow() is { Ticks: > 0 } wait)
            await Task.Delay(wait, time, ct);
        triedAt = time.GetUtcNow();
        accepted = await read(ct);
        readAt = triedAt;
    }
}
