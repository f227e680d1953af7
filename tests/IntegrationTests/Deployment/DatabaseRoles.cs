using System.Diagnostics;
using LeadSync.DevStack;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>A database with the roles of <c>deploy/postgres/roles.sql</c>, under names that nobody else on the server has.</summary>
public sealed class DatabaseRoles(SharedServers shared) : IAsyncLifetime
{
    private const string Password = "only-for-this-test";

    private readonly string prefix = $"t{Guid.NewGuid():n}"[..12] + "_";
    private readonly OwnServers own = new(shared);

    public Uri RabbitMq => own.RabbitMq;

    public string Migrator => As("migrator");

    public string Writer => As("writer");

    public string Reader => As("reader");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await own.InitializeAsync();
        var script = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "postgres", "roles.sql"), Stop);
        // Twice: it can be repeated.
        for (var time = 0; time < 2; time++)
            await Execute(own.Postgres, script.Replace("leadsync_", prefix, StringComparison.Ordinal));
        foreach (var role in (string[])["migrator", "writer", "reader"])
            await Execute(own.Postgres, $"alter role {prefix}{role} password '{Password}'");
    }

    /// <summary>Runs one of a service's jobs: <c>migrate</c>, <c>rebuild</c>.</summary>
    public async Task Run(string service, string job, string connection)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Assembly(service), job]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (key, value) in new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = connection,
            ["ConnectionStrings__RabbitMq"] = $"{RabbitMq}",
            ["Database__AutoMigrate"] = "false",
            ["Zoho__ClientId"] = "1000.X",
            ["Zoho__ClientSecret"] = "x",
            ["Zoho__RefreshToken"] = "x",
            ["Gateway__PublicUrl"] = "https://sync.example.org",
            ["Gateway__InternalUrl"] = "http://gateway:8080",
        })
            start.Environment[key] = value;

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Stop);
        _ = process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        process.ExitCode.ShouldBe(0, await error);
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
