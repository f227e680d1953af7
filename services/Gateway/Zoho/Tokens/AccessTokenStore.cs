using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Gateway.Zoho.Tokens;

/// <summary>Shares the access token among replicas through one row, encrypted.</summary>
internal sealed class AccessTokenStore(NpgsqlDataSource database, ZohoOptions options)
{
    private readonly SecretBox box = new(options.DeriveKey("access token"));

    // A replica that waits for the row gives up after three seconds. A replica that holds the row and does nothing loses it after 15.
    private const string Limits = "set local lock_timeout = 3000; set local idle_in_transaction_session_timeout = 15000";

    /// <summary>Reads the row, and locks it until the result is disposed of, for at most 15 s.</summary>
    public async Task<SharedAccessToken> Open(CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(ct);
            await using var select = new NpgsqlCommand(
                $"{Limits}; select value, api_domain, stale_at, expires_at, paused_until, refused_until "
                    + "from gateway.access_token for update",
                connection, transaction);
            await using var row = await select.ExecuteReaderAsync(ct);
            var found = await row.ReadAsync(ct);
            return new SharedAccessToken(box, connection, transaction)
            {
                Token = found ? Token(row) : null,
                PausedUntil = found ? row.TimeOrNull(4) : null,
                RefusedUntil = found ? row.TimeOrNull(5) : null,
            };
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private AccessToken? Token(NpgsqlDataReader row) =>
        row.IsDBNull(0) || box.Open((byte[])row[0]) is not { } value
            ? null
            : new AccessToken(value, row.IsDBNull(1) ? null : new Uri(row.GetString(1)), row.Time(2), row.Time(3));

    /// <summary>Tells all replicas that Zoho refuses new tokens as well.</summary>
    public async Task Refuse(DateTimeOffset until, CancellationToken ct)
    {
        await database.Execute("update gateway.access_token set refused_until = $1", ct, until);
    }
}

/// <summary>The shared row, locked until it is disposed of.</summary>
internal sealed class SharedAccessToken(SecretBox box, NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public AccessToken? Token { get; init; }

    /// <summary>Until when Zoho's token endpoint must not be called.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Until when Zoho refuses new tokens as well, as a replica has found.</summary>
    public DateTimeOffset? RefusedUntil { get; init; }

    /// <param name="token">The new token; null keeps the old one.</param>
    public async Task Save(AccessToken? token, DateTimeOffset? pausedUntil, CancellationToken ct)
    {
        await connection.Execute(
            """
            update gateway.access_token set
                paused_until = $1::timestamptz,
                value = coalesce($2::bytea, value),
                api_domain = coalesce($3::text, api_domain),
                stale_at = coalesce($4::timestamptz, stale_at),
                expires_at = coalesce($5::timestamptz, expires_at)
            """,
            ct, pausedUntil, token is null ? null : box.Seal(token.Value), token?.ApiDomain?.AbsoluteUri, token?.StaleAt,
            token?.ExpiresAt);
        await transaction.CommitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
