using System.Globalization;
using System.Security.Cryptography;
using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Gateway.Channels;

/// <summary>The channel as the gateway keeps it.</summary>
/// <param name="WasOpened">Whether Zoho has ever confirmed the channel.</param>
/// <param name="LastRenewal">The result of the last renewal; null when none is stored.</param>
internal sealed record StoredChannel(string Id, bool WasOpened, ChannelRenewed? LastRenewal = null);

/// <summary>The channel and its tokens, shared by all replicas. The service keeps them in PostgreSQL, the simulation in a model.</summary>
internal interface IChannelStore
{
    /// <summary>Reads the channel. The first call chooses the channel's id.</summary>
    Task<StoredChannel> Get(CancellationToken ct);

    Task<AcceptedTokens> Accepted(CancellationToken ct);

    /// <summary>Accepts a token from now on.</summary>
    /// <param name="until">A time by which a channel with this token will have expired.</param>
    Task Accept(byte[] tokenHash, DateTimeOffset until, CancellationToken ct);

    /// <summary>Zoho uses this token now. Earlier tokens are accepted for <paramref name="overlap"/> at most, and expired ones are
    /// deleted.</summary>
    /// <param name="renewed">The result of the renewal.</param>
    /// <param name="now">Zoho's clock, as for the expiry of every token.</param>
    Task Replace(byte[] tokenHash, ChannelRenewed renewed, DateTimeOffset now, TimeSpan overlap, CancellationToken ct);
}

internal sealed class ChannelStore(NpgsqlDataSource database) : IChannelStore
{
    public async Task<StoredChannel> Get(CancellationToken ct)
    {
        while (true)
        {
            await using (var command = database.CreateCommand(
                "select channel_id, opened_at is not null, renewed_at, expires_at, reopened from gateway.channel"))
            await using (var row = await command.ExecuteReaderAsync(ct))
            {
                if (await row.ReadAsync(ct))
                    return new StoredChannel(row.GetString(0), row.GetBoolean(1), Renewal(row));
            }

            await database.Execute(
                "insert into gateway.channel (channel_id) values ($1) on conflict (only_row) do nothing", ct, NewChannelId());
        }
    }

    public async Task<AcceptedTokens> Accepted(CancellationToken ct)
    {
        var channel = await Get(ct);
        await using var command = database.CreateCommand("select token_hash, accepted_until from gateway.channel_token");
        await using var row = await command.ExecuteReaderAsync(ct);
        var tokens = new List<AcceptedToken>();
        while (await row.ReadAsync(ct))
            tokens.Add(Token(row));
        return new AcceptedTokens(channel.Id, tokens);
    }

    public async Task Accept(byte[] tokenHash, DateTimeOffset until, CancellationToken ct)
    {
        await database.Execute("insert into gateway.channel_token (token_hash, accepted_until) values ($1, $2)", ct, tokenHash, until);
    }

    public async Task Replace(byte[] tokenHash, ChannelRenewed renewed, DateTimeOffset now, TimeSpan overlap, CancellationToken ct)
    {
        await database.Execute(
            """
            with opened as (update gateway.channel set opened_at = now(), renewed_at = $4, expires_at = $5, reopened = $6),
                 outdated as (delete from gateway.channel_token where accepted_until < $2)
            update gateway.channel_token set accepted_until = least(accepted_until, $2 + $3)
            where token_hash <> $1 and accepted_until >= $2
            """, ct, tokenHash, now, overlap, renewed.RenewedAt, renewed.ExpiresAt, renewed.Reopened);
    }

    private static ChannelRenewed? Renewal(NpgsqlDataReader row) => row.IsDBNull(2)
        ? null
        : new ChannelRenewed(row.GetString(0), row.Time(2), row.Time(3), row.GetBoolean(4));

    private static AcceptedToken Token(NpgsqlDataReader row) => new((byte[])row[0], row.Time(1));

    // Zoho: the client chooses a positive 64-bit number. Zoho does not say whether it is unique to the user or to the organization.
    private static string NewChannelId() =>
        (BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue).ToString(CultureInfo.InvariantCulture);
}
