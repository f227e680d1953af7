using System.Diagnostics;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>The first leader of a new version need not fold the events of years: the migration has done it.</summary>
public sealed class SnapshotTests(SharedServers shared) : IAsyncLifetime
{
    private const int Events = 12_345;

    // More than one a minute: mostly the check of the channel, and the counts of credits.
    private const int EventsOfAYear = 600_000;

    private readonly OwnServers own = new(shared);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => own.InitializeAsync();

    public ValueTask DisposeAsync() => own.DisposeAsync();

    [Fact]
    public async Task a_migration_to_a_new_version_folds_what_earlier_versions_recorded()
    {
        await using var database = NpgsqlDataSource.Create(own.Postgres);
        await Record(database, Events);

        await ServiceJob.Run("Scheduler", "migrate", own.Postgres, own.RabbitMq);

        await using var kept = database.CreateCommand(
            "select version::text || ' ' || (state -> 'Versions' ->> 'gateway') from scheduler.snapshots");
        (await kept.ExecuteScalarAsync(Stop)).ShouldBe($"{Events} {Events}");
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task after_a_year_another_scheduler_leads_soon_after_the_leader_was_killed()
    {
        await using var database = NpgsqlDataSource.Create(own.Postgres);
        await Record(database, EventsOfAYear);
        await ServiceJob.Run("Scheduler", "migrate", own.Postgres, own.RabbitMq);
        await using var services = new ServiceProcesses(new ServiceSettings(own.Postgres, own.RabbitMq), shared.Run, "year-");
        await services.Scheduler.StartAsync(Stop);
        await RunningSync.Until("one leads", async () => await Led(database) == 1);
        await using var other = services.Another("Scheduler");
        await other.StartAsync(Stop);

        var since = Stopwatch.StartNew();
        await services.Scheduler.KillAsync();
        await RunningSync.Until("the other leads", async () => await Led(database) == 2);

        // How long it took depends on the machine. It is printed, for who measures, and not asserted.
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"With {EventsOfAYear:N0} events, the other scheduler led {since.Elapsed.TotalSeconds:0.0} s after the leader was killed.");
    }

    private static async Task Record(NpgsqlDataSource database, int events)
    {
        await using var record = database.CreateCommand($$"""
            insert into scheduler.mt_streams (id, version, tenant_id) values ('sync', {{events}}, '*DEFAULT*');
            insert into scheduler.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, mt_dotnet_type)
            select n, gen_random_uuid(), 'sync', n, jsonb_build_object('Service', 'gateway', 'Version', n::text, 'At', now()),
                'version_seen', '*DEFAULT*', 'earlier'
            from generate_series(1, {{events}}) n
            """);
        record.CommandTimeout = 300;
        await record.ExecuteNonQueryAsync(Stop);
    }

    private static async Task<long> Led(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("select count(*) from scheduler.mt_events where type = 'leadership_taken'");
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }
}
