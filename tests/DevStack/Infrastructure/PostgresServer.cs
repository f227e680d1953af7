using LeadSync.DevStack.Processes;
using Npgsql;

namespace LeadSync.DevStack.Infrastructure;

/// <param name="connectionString">Npgsql's; its user may create databases.</param>
/// <param name="origin">Where the server comes from, for people.</param>
/// <param name="server">Ends the server, if it is ours to end.</param>
public sealed class PostgresServer(string connectionString, string origin, IAsyncDisposable? server = null) : IAsyncDisposable
{
    public string ConnectionString { get; } = connectionString;

    public string Origin { get; } = origin;

    public bool IsOurs => server is not null;

    /// <summary>The server's process, if it is one of ours on this machine.</summary>
    public ServerProcess? Process => server as ServerProcess;

    /// <summary>The same server's connection string for another database.</summary>
    public string ConnectionStringOf(string database) =>
        new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    public Task CreateDatabaseAsync(string database, CancellationToken cancellationToken) =>
        ExecuteAsync($"create database \"{database}\"", cancellationToken);

    /// <summary>Drops a database, whoever is still connected to it.</summary>
    public Task DropDatabaseAsync(string database, CancellationToken cancellationToken) =>
        ExecuteAsync($"drop database if exists \"{database}\" with (force)", cancellationToken);

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

    /// <summary>Settings of a server of our own: room for many services at once, and a power cut survived or not.</summary>
    internal static string[] Settings(bool durable)
    {
        var flag = durable ? "on" : "off";
        return ["-c", "max_connections=400", "-c", $"fsync={flag}", "-c", $"synchronous_commit={flag}", "-c", $"full_page_writes={flag}"];
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
