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
internal sealed class ChannelTokens(ChannelStore store, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaximumAge = TimeSpan.FromMinutes(1);

    // Whoever sends wrong tokens must not keep the database busy.
    private static readonly TimeSpan MinimumAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1);
    private volatile AcceptedTokens? accepted;
    private DateTimeOffset readAt;

    /// <exception cref="NpgsqlException">They have never been read, and cannot be read now.</exception>
    public Task<AcceptedTokens> Current(CancellationToken ct) => Read(MaximumAge, ct);

    /// <summary>As they are now, or were less than a second ago.</summary>
    public Task<AcceptedTokens> Latest(CancellationToken ct) => Read(MinimumAge, ct);

    public void Dispose() => gate.Dispose();

    private async Task<AcceptedTokens> Read(TimeSpan maximumAge, CancellationToken ct)
    {
        if (accepted is { } fresh && time.GetUtcNow() - readAt < maximumAge)
            return fresh;

        await gate.WaitAsync(ct);
        try
        {
            if (accepted is null || time.GetUtcNow() - readAt >= maximumAge)
                accepted = await store.Accepted(ct);
        }
        catch (NpgsqlException) when (accepted is not null)
        {
            // Notifications go on without the database.
        }
        finally
        {
            readAt = time.GetUtcNow();
            gate.Release();
        }

        return accepted;
    }
}
