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
/// The accepted tokens as this replica knows them. They are read again when a token is unknown, since the channel may have been renewed a moment
/// ago, and once a minute.
/// </summary>
internal sealed class ChannelTokens(ChannelStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(1);

    // Whoever sends wrong tokens must not keep the database busy.
    private static readonly TimeSpan MinimumAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1);
    private volatile AcceptedTokens? accepted;
    private DateTimeOffset readAt;
    private bool isCurrent;

    /// <exception cref="NpgsqlException">They have never been read, and cannot be read now.</exception>
    public async Task<AcceptedTokens> Current(CancellationToken ct)
    {
        if (accepted is { } fresh && time.GetUtcNow() - readAt < MaximumAge)
            return fresh;

        await gate.WaitAsync(ct);
        try
        {
            if (accepted is null || time.GetUtcNow() - readAt >= MaximumAge)
                await Read(ct);
        }
        catch (NpgsqlException) when (accepted is not null)
        {
            // Notifications go on without the database.
        }
        finally
        {
            gate.Release();
        }

        return accepted!;
    }

    /// <summary>As they are now: read after this was asked for, for which it may wait a second.</summary>
    /// <exception cref="NpgsqlException">They cannot be read now.</exception>
    public async Task<AcceptedTokens> Latest(CancellationToken ct)
    {
        var asked = time.GetUtcNow();
        await gate.WaitAsync(ct);
        try
        {
            if (accepted is { } fresh && isCurrent && readAt > asked)
                return fresh;
            if (readAt + MinimumAge - time.GetUtcNow() is { Ticks: > 0 } pause)
                await Task.Delay(pause, time, ct);
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
        readAt = time.GetUtcNow();
        isCurrent = false;
        accepted = await store.Accepted(ct);
        isCurrent = true;
    }
}
