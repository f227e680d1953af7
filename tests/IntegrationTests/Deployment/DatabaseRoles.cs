using LeadSync.DevStack;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>A database with the roles of <c>deploy/postgres/roles.sql</c>, under names that are unique on the server.</summary>
public sealed class DatabaseRoles(SharedServers shared) : IAsyncLifetime
{
    private readonly string password = $"{Guid.NewGuid():n}";
    private readonly OwnServers own = new(shared, isEmpty: true);

    public Uri RabbitMq => own.RabbitMq;

    public string Migrator => As("migrator");

    public string Writer => As("writer");

    public string Reader => As("reader");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await own.InitializeAsync();
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "postgres", "roles.sql"), Stop);
        // Runs twice, because the script can be repeated.
        for (var time = 0; time < 2; time++)
            await Execute(own.Postgres, script.Replace("leadsync_", $"{own.Name}_", StringComparison.Ordinal));
        foreach (var role in (string[])["migrator", "writer", "reader"])
            await Execute(own.Postgres, $"alter role {own.Name}_{role} password '{password}'");
    }

    public static async Task<object?> Execute(string connection, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }

    public ValueTask DisposeAsync() => own.DisposeAsync();

    private string As(string role) =>
        new NpgsqlConnectionStringBuilder(own.Postgres)
        {
            Username = $"{own.Name}_{role}",
            Password = password,
            Pooling = false,
            Options = "-c default_transaction_read_only=off",
        }.ConnectionString;
}
