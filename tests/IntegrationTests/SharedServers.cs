using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.IntegrationTests;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(SharedServers))]

// Most of these tests wait most of the time. More than three running syncs at once leave so little of two cores
// that tests run into their deadlines.
[assembly: Parallelization(MaxThreads = 3)]

namespace LeadSync.IntegrationTests;

/// <summary>
/// The one PostgreSQL and the one RabbitMQ that all test classes share; each class has its own <see cref="OwnServers"/> on them.
/// </summary>
public sealed class SharedServers : IAsyncLifetime
{
    private readonly SemaphoreSlim migrating = new(1);
    private readonly SemaphoreSlim starting = new(2);
    private LocalInfrastructure? infrastructure;
    private RunDirectory? run;
    private Isolation? migrated;

    /// <summary>Where the processes that tests start have their logs and temporary files.</summary>
    public RunDirectory Run => run!;

    public LocalInfrastructure Infrastructure => infrastructure!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        run = await RunDirectory.BeginAsync("integration-tests");
        infrastructure = await LocalInfrastructure.StartAsync(run, durable: false, Console.WriteLine, Stop);
    }

    /// <summary>The name of a database in which every service has made its tables: to be copied, not to be used.</summary>
    public async Task<string> MigratedDatabase()
    {
        await migrating.WaitAsync(Stop);
        try
        {
            if (migrated is not null)
                return migrated.Name;

            var made = await Isolation.CreateAsync(Infrastructure, Stop);
            foreach (var service in (string[])["Gateway", "Projector", "Scheduler"])
                await ServiceJob.Run(service, "migrate", made.Postgres, made.RabbitMq);
            migrated = made;
            return made.Name;
        }
        finally
        {
            migrating.Release();
        }
    }

    /// <summary>
    /// Starts processes when it is their turn. To start is the one thing that takes all the processor there is: many at once would keep the
    /// tests that run from it.
    /// </summary>
    public async Task InTurn(Func<Task> start)
    {
        await starting.WaitAsync(Stop);
        try
        {
            await start();
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (migrated is not null)
            await migrated.DisposeAsync();
        if (infrastructure is not null)
            await infrastructure.DisposeAsync();
        if (run is not null)
            await run.DisposeAsync();
        migrating.Dispose();
        starting.Dispose();
    }
}
