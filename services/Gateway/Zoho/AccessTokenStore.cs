using Npgsql;
using NpgsqlTypes;

namespace LeadSync.Gateway.Zoho;

/// <summary>Shares the access token among replicas through one row, encrypted.</summary>
internal sealed class AccessTokenStore(NpgsqlDataSource database, ZohoOptions options)
{
    private readonly SecretBox box = new(options.DeriveKey("access token"));

    // PostgreSQL ends a replica's session that holds the row and does nothing. A replica that waits for the row gives up soon. Both in
    // milliseconds.
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
                PausedUntil = found ? Instant(row, 4) : null,
                RefusedUntil = found ? Instant(row, 5) : null,
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
            : new AccessToken(
                value,
                row.IsDBNull(1) ? null : new Uri(row.GetString(1)),
                row.GetFieldValue<DateTimeOffset>(2),
                row.GetFieldValue<DateTimeOffset>(3));

    /// <summary>Tells all replicas that Zoho refuses new tokens as well.</summary>
    public async Task Refuse(DateTimeOffset until, CancellationToken ct)
    {
        await using var update = database.CreateCommand("update gateway.access_token set refused_until = $1");
        update.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = until.UtcDateTime });
        await update.ExecuteNonQueryAsync(ct);
    }

    private static DateTimeOffset? Instant(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}

/// <summary>The shared row, locked until it is disposed of.</summary>
internal sealed class SharedAccessToken(SecretBox box, NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public AccessToken? Token { get; init; }

    /// <summary>Until when Zoho's token endpoint must not be called.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Until when Zoho refuses new tokens as well, as a replica has found.</summary>
    public DateTimeOffset? RefusedUntil { get; init; }

    /// <param name="token">The new token, or null to leave the old one.</param>
    public async Task Save(AccessToken? token, DateTimeOffset? pausedUntil, CancellationToken ct)
    {
        await using var update = new NpgsqlCommand(
            """
            update gateway.access_token set
                paused_until = $1,
                value = coalesce($2, value),
                api_domain = coalesce($3, api_domain),
                stale_at = coalesce($4, stale_at),
                expires_at = coalesce($5, expires_at)
            """,
            connection, transaction);
        update.Parameters.Add(Value(NpgsqlDbType.TimestampTz, pausedUntil));
        update.Parameters.Add(Value(NpgsqlDbType.Bytea, token is null ? null : box.Seal(token.Value)));
        update.Parameters.Add(Value(NpgsqlDbType.Text, token?.ApiDomain?.AbsoluteUri));
        update.Parameters.Add(Value(NpgsqlDbType.TimestampTz, token?.StaleAt));
        update.Parameters.Add(Value(NpgsqlDbType.TimestampTz, token?.ExpiresAt));
        await update.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static NpgsqlParameter Value(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
