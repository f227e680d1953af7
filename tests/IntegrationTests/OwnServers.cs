using LeadSync.DevStack.Infrastructure;

namespace LeadSync.IntegrationTests;

/// <summary>A database and a virtual host for one test class.</summary>
public sealed class OwnServers : IAsyncLifetime
{
    private readonly SharedServers shared;
    private readonly bool isEmpty;
    private Isolation? isolation;

    public OwnServers(SharedServers shared)
        : this(shared, isEmpty: false)
    {
    }

    /// <param name="isEmpty">Without the services' tables. Otherwise all tables exist, without rows.</param>
    internal OwnServers(SharedServers shared, bool isEmpty) => (this.shared, this.isEmpty) = (shared, isEmpty);

    /// <summary>
    /// The prefix for the names of roles and users that a test creates. They are removed at the end, even of an interrupted run.
    /// </summary>
    public string Name => isolation!.Name;

    public string Postgres => isolation!.Postgres;

    public Uri RabbitMq => isolation!.RabbitMq;

    public async ValueTask InitializeAsync() => isolation = await Isolation.CreateAsync(
        shared.Infrastructure, TestContext.Current.CancellationToken, isEmpty ? null : await shared.MigratedDatabase());

    public async ValueTask DisposeAsync()
    {
        if (isolation is not null)
            await isolation.DisposeAsync();
    }
}
