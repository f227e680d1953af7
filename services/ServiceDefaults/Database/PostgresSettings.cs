using Npgsql;

namespace LeadSync.ServiceDefaults.Database;

/// <summary>The database of <c>ConnectionStrings__Postgres</c>.</summary>
public static class PostgresSettings
{
    /// <summary>The <c>application_name</c> of the session that holds the leader's lock. This session only sleeps, and reads
    /// nothing.</summary>
    public const string LeaderSession = "leadsync-leader";

    /// <summary>The key of the data source for long work: its statements have no timeout.</summary>
    public const string LongWork = "long work";

    private const string Key = "ConnectionStrings__Postgres";
    private const string Example = "Host=localhost;Database=leadsync;Username=leadsync;Password=...";

    /// <summary>The same database, without a timeout of statements.</summary>
    public static NpgsqlConnectionStringBuilder ForLongWork(NpgsqlConnectionStringBuilder connection) => new(connection.ConnectionString)
    {
        CommandTimeout = 0,
        MaxPoolSize = Math.Min(connection.MaxPoolSize, 10),
    };

    /// <summary>Connections to the database. When the connection string names several hosts, to the one that takes writes.</summary>
    /// <param name="session">SQL that sets up every session. Startup options would be usual, but poolers refuse them.</param>
    public static NpgsqlDataSource Source(
        NpgsqlConnectionStringBuilder connection, string? session = null, Action<NpgsqlDataSourceBuilder>? configure = null)
    {
        var target = connection.TargetSessionAttributes;
        var source = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connection.ConnectionString)
        {
            TargetSessionAttributes = null,
            // A reset would undo the set-up. Nothing else outlives a transaction: all other settings are local to one.
            NoResetOnClose = session is not null || connection.NoResetOnClose,
        }.ConnectionString);
        if (session is not null)
            source.UsePhysicalConnectionInitializer(
                connected => BeginSynchronously(connected, session), connected => Begin(connected, session));
        configure?.Invoke(source);
        return connection.Host?.Contains(',', StringComparison.Ordinal) == true
            ? source.BuildMultiHost().WithTargetSession(Target(target))
            : source.Build();
    }

    public static NpgsqlConnectionStringBuilder Read(Settings settings)
    {
        try
        {
            var connection = new NpgsqlConnectionStringBuilder(settings.Required(Key, Example));
            _ = Target(connection.TargetSessionAttributes);
            return string.IsNullOrEmpty(connection.Host)
                ? throw new SettingsException($"{Key} names no host: add one, for example {Key}={Example}")
                : connection;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new SettingsException($"{Key} is not an Npgsql connection string: write one, for example {Key}={Example}");
        }
    }

    /// <summary>Whether a connection keeps its session. A pooler in transaction mode gives the session, with its locks and prepared
    /// statements, to another client after each transaction.</summary>
    public static async Task<bool> KeepsSessions(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var first = await Session(connection, ct);
        await using var other = await database.OpenConnectionAsync(ct);
        // A transaction keeps its session, and a pooler hands out the session that was used last.
        await using var transaction = await other.BeginTransactionAsync(ct);
        await Session(other, ct);
        return Equals(first, await Session(connection, ct));
    }

    /// <exception cref="SettingsException">A connection does not keep its session; the sentence says what to do.</exception>
    internal static async Task DemandSessions(NpgsqlDataSource database, CancellationToken ct)
    {
        if (!await KeepsSessions(database, ct))
        {
            throw new SettingsException($"{Key} leads to a connection pooler in transaction mode, and LeadSync needs sessions of its own: "
                + $"name PostgreSQL itself or a pool in session mode, for example {Key}={Example}");
        }
    }

    private static TargetSessionAttributes Target(string? text) => text?.ToLowerInvariant() switch
    {
        null or "" or "any" or "read-write" => TargetSessionAttributes.ReadWrite,
        "primary" => TargetSessionAttributes.Primary,
        _ => throw new SettingsException(
            $"{Key} asks for a server that takes no writes (Target Session Attributes): leave that out, "
                + $"for example {Key}=Host=db1,db2;Database=leadsync;..."),
    };

    private static async Task<object?> Session(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_backend_pid()", connection);
        return await command.ExecuteScalarAsync(ct);
    }

    private static void BeginSynchronously(NpgsqlConnection connection, string session)
    {
        using var command = new NpgsqlCommand(session, connection);
        command.ExecuteNonQuery();
    }

    private static async Task Begin(NpgsqlConnection connection, string session)
    {
        await using var command = new NpgsqlCommand(session, connection);
        await command.ExecuteNonQueryAsync();
    }
}
