namespace LeadSync.DevStack.Infrastructure;

/// <summary>A database and a virtual host of one's own on servers that others use too; both are gone at the end.</summary>
public sealed class Isolation : IAsyncDisposable
{
    private readonly LocalInfrastructure infrastructure;
    private readonly string name;

    private Isolation(LocalInfrastructure infrastructure, string name)
    {
        this.infrastructure = infrastructure;
        this.name = name;
    }

    /// <summary>Npgsql's connection string of the database.</summary>
    public string Postgres => infrastructure.Postgres.ConnectionStringOf(name);

    /// <summary>The <c>amqp://</c> address of the virtual host.</summary>
    public Uri RabbitMq => infrastructure.RabbitMq.AddressOf(name);

    public static async Task<Isolation> CreateAsync(LocalInfrastructure infrastructure, CancellationToken cancellationToken)
    {
        var isolation = new Isolation(infrastructure, $"leadsync_{Guid.NewGuid():n}");
        await infrastructure.Postgres.CreateDatabaseAsync(isolation.name, cancellationToken);
        await infrastructure.RabbitMq.CreateVirtualHostAsync(isolation.name, cancellationToken);
        return isolation;
    }

    public async ValueTask DisposeAsync()
    {
        await infrastructure.RabbitMq.DeleteVirtualHostAsync(name, CancellationToken.None);
        await infrastructure.Postgres.DropDatabaseAsync(name, CancellationToken.None);
    }
}
