using LeadSync.DevStack.Infrastructure;

namespace LeadSync.IntegrationTests;

/// <summary>A class fixture: a database and a virtual host that no other test class sees.</summary>
public sealed class OwnServers(SharedServers shared) : IAsyncLifetime
{
    private Isolation? isolation;

    public string Postgres => isolation!.Postgres;

    public Uri RabbitMq => isolation!.RabbitMq;

    public async ValueTask InitializeAsync() =>
        isolation = await Isolation.CreateAsync(shared.Infrastructure, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (isolation is not null)
            await isolation.DisposeAsync();
    }
}
