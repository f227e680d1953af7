using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.IntegrationTests;

[assembly: AssemblyFixture(typeof(SharedServers))]

namespace LeadSync.IntegrationTests;

/// <summary>The one PostgreSQL and the one RabbitMQ that all test classes share; each class has its own <see cref="OwnServers"/> on them.</summary>
public sealed class SharedServers : IAsyncLifetime
{
    private LocalInfrastructure? infrastructure;
    private RunDirectory? run;

    /// <summary>Where the processes that tests start have their logs and temporary files.</summary>
    public RunDirectory Run => run!;

    public LocalInfrastructure Infrastructure => infrastructure!;

    public async ValueTask InitializeAsync()
    {
        run = await RunDirectory.BeginAsync("integration-tests");
        infrastructure = await LocalInfrastructure.StartAsync(run, durable: false, Console.WriteLine, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (infrastructure is not null)
            await infrastructure.DisposeAsync();
        if (run is not null)
            await run.DisposeAsync();
    }
}
