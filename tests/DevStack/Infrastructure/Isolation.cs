using LeadSync.DevStack.Processes;

namespace LeadSync.DevStack.Infrastructure;

/// <summary>A database and a virtual host on shared servers. Both are removed at the end.</summary>
public sealed class Isolation : IAsyncDisposable
{
    /// <summary>
    /// The environment variable with the prefix of names on the servers. The launcher removes by it what an interrupted test left.
    /// </summary>
    public const string PrefixKey = "LEADSYNC_TEST_PREFIX";

    private readonly LocalInfrastructure infrastructure;

    private Isolation(LocalInfrastructure infrastructure, string name)
    {
        this.infrastructure = infrastructure;
        Name = name;
    }

    /// <summary>
    /// The name of the database and of the virtual host. At the end, all other databases and virtual hosts, PostgreSQL's roles and
    /// RabbitMQ's users are removed as well when their names begin with this name.
    /// </summary>
    public string Name { get; }

    /// <summary>Npgsql's connection string of the database.</summary>
    public string Postgres => infrastructure.Postgres.ConnectionStringOf(Name);

    /// <summary>The <c>amqp://</c> address of the virtual host.</summary>
    public Uri RabbitMq => infrastructure.RabbitMq.AddressOf(Name);

    /// <summary>The prefix of the names of everything that a run creates on servers.</summary>
    public static string PrefixOf(RunDirectory run) => $"leadsync_{run.Name.Replace('-', '_')}_";

    /// <param name="template">The name of a database to copy; null for an empty database.</param>
    public static async Task<Isolation> CreateAsync(
        LocalInfrastructure infrastructure, CancellationToken cancellationToken, string? template = null)
    {
        var prefix = Environment.GetEnvironmentVariable(PrefixKey) is { Length: > 0 } given ? given : "leadsync_";
        var isolation = new Isolation(infrastructure, prefix + Guid.NewGuid().ToString("n")[..12]);
        await infrastructure.Postgres.CreateDatabaseAsync(isolation.Name, cancellationToken, template);
        await infrastructure.RabbitMq.CreateVirtualHostAsync(isolation.Name, cancellationToken);
        return isolation;
    }

    public async ValueTask DisposeAsync() => await infrastructure.RemoveAllOfAsync(Name);
}
