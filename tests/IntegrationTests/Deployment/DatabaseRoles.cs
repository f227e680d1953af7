using LeadSync.DevStack;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>A database with the roles of <c>deploy/postgres/roles.sql</c>, under names that are unique on the server.</summary>
public sealed class DatabaseRoles(SharedServers shared) : IAsyncLifetime
{
    private const string Password = "only-for-this-test";

    private readonly string prefix = $"t{Guid.NewGuid():n}"[..12] + "_";
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
            await Execute(own.Postgres, script.Replace("leadsync_", prefix, StringComparison.Ordinal));
        foreach (var role in (string[])["migrator", "writer", "reader"])
            await Execute(own.Postgres, $"alter role {prefix}{role} password '{Password}'");
    }

    public static async Task<object?> Execute(string connection, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var role in (string[])["migrator", "writer", "reader"])
            await Execute(own.Postgres, $"drop owned by {prefix}{role} cascade");
        foreach (var role in (string[])["migrator", "writer", "reader"])
            await Execute(own.Postgres, $"drop role {prefix}{role}");
        await own.DisposeAsync();
    }

    private string As(string role) =>
        new NpgsqlConnectionStringBuilder(own.Postgres)
        {
            Username = prefix + role,
            Password = Password,
            Pooling = false,
            Options = "-c default_transaction_read_only=off",
        }.ConnectionString;
}
