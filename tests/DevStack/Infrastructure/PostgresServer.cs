using LeadSync.DevStack.Processes;
using Npgsql;

namespace LeadSync.DevStack.Infrastructure;

/// <param name="connectionString">The Npgsql connection string of a user who may create databases.</param>
/// <param name="origin">The server's origin, in words.</param>
/// <param name="server">Ends the server, if this program started it.</param>
public sealed class PostgresServer(string connectionString, string origin, IAsyncDisposable? server = null) : IAsyncDisposable
{
    private const string DropDatabases =
        "select format('drop database if exists %I with (force)', datname) from pg_database where starts_with(datname::text, $1) "
            + "and not datistemplate";

    private const string DropRoles = "select format('drop role if exists %I', rolname) from pg_roles where starts_with(rolname::text, $1)";

    public string ConnectionString { get; } = connectionString;

    public string Origin { get; } = origin;

    public bool IsOurs => server is not null;

    /// <summary>The server's process, if this program started it.</summary>
    public ServerProcess? Process => server as ServerProcess;

    /// <summary>The same server's connection string for another database.</summary>
    public string ConnectionStringOf(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    /// <param name="template">A database to copy, without open connections; null for an empty database.</param>
    public Task CreateDatabaseAsync(string database, CancellationToken cancellationToken, string? template = null) =>
        ExecuteAsync($"create database \"{database}\"{(template is null ? "" : $" template \"{template}\"")}", cancellationToken);

    /// <summary>Drops every database and every role with the prefix, even while sessions are connected.</summary>
    public async Task DropAllOfAsync(string prefix)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        // PostgreSQL drops a role only when it owns nothing.
        foreach (var statement in new[] { DropDatabases, DropRoles })
        {
            foreach (var drop in await StatementsAsync(source, statement, prefix))
                await ExecuteAsync(source, drop, CancellationToken.None);
        }
    }

    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand("show server_version");
        return $"{await command.ExecuteScalarAsync(cancellationToken)}".Split(' ')[0];
    }

    internal async Task<string?> WhyNotReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync("select 1", cancellationToken);
            return null;
        }
        catch (NpgsqlException e)
        {
            return e.Message;
        }
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Settings of a private server: many connections, and durable commits or not.</summary>
    internal static string[] Settings(bool durable)
    {
        var flag = durable ? "on" : "off";
        return ["-c", "max_connections=400", "-c", $"fsync={flag}", "-c", $"synchronous_commit={flag}", "-c", $"full_page_writes={flag}"];
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await ExecuteAsync(source, sql, cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> StatementsAsync(NpgsqlDataSource source, string query, string prefix)
    {
        await using var command = source.CreateCommand(query);
        command.Parameters.Add(new() { Value = prefix });
        await using var reader = await command.ExecuteReaderAsync();
        List<string> statements = [];
        while (await reader.ReadAsync())
            statements.Add(reader.GetString(0));
        return statements;
    }
}
