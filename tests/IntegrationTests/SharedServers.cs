using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;
using LeadSync.IntegrationTests;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(SharedServers))]

// These tests mostly wait. With more than three running syncs at once, two cores have so little time left
// that tests miss their deadlines.
[assembly: Parallelization(MaxThreads = 3)]

namespace LeadSync.IntegrationTests;

/// <summary>
/// The PostgreSQL and the RabbitMQ that all test classes share. Each class has its own <see cref="OwnServers"/> on them.
/// </summary>
public sealed class SharedServers : IAsyncLifetime
{
    private readonly SemaphoreSlim migrating = new(1);
    private readonly SemaphoreSlim starting = new(2);
    private LocalInfrastructure? infrastructure;
    private RunDirectory? run;
    private Isolation? migrated;

    /// <summary>The directory for logs and temporary files of the processes that tests start.</summary>
    public RunDirectory Run => run!;

    public LocalInfrastructure Infrastructure => infrastructure!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        run = await RunDirectory.BeginAsync("integration-tests");
        infrastructure = await LocalInfrastructure.StartAsync(run, durable: false, Console.WriteLine, Stop);
        Console.WriteLine(await infrastructure.DescribeAsync(Stop));
    }

    /// <summary>The name of the template database, which has the tables of every service. Tests copy it.</summary>
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
    /// Starts processes in turn. A start takes the whole processor, so many at once would slow down the running
    /// tests.
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
