using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>The first leader of a new version need not fold the events of years: the migration has done it.</summary>
public sealed class SnapshotTests(SharedServers shared) : IAsyncLifetime
{
    private const int Events = 12_345;

    private readonly OwnServers own = new(shared);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => own.InitializeAsync();

    public ValueTask DisposeAsync() => own.DisposeAsync();

    [Fact]
    public async Task a_migration_to_a_new_version_folds_what_earlier_versions_recorded()
    {
        await using var database = NpgsqlDataSource.Create(own.Postgres);
        await using var record = database.CreateCommand($$"""
            insert into scheduler.mt_streams (id, version, tenant_id) values ('sync', {{Events}}, '*DEFAULT*');
            insert into scheduler.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, mt_dotnet_type)
            select n, gen_random_uuid(), 'sync', n, jsonb_build_object('Service', 'gateway', 'Version', n::text, 'At', now()),
                'version_seen', '*DEFAULT*', 'earlier'
            from generate_series(1, {{Events}}) n
            """);
        await record.ExecuteNonQueryAsync(Stop);

        await ServiceJob.Run("Scheduler", "migrate", own.Postgres, own.RabbitMq);

        await using var kept = database.CreateCommand(
            "select version::text || ' ' || (state -> 'Versions' ->> 'gateway') from scheduler.snapshots");
        (await kept.ExecuteScalarAsync(Stop)).ShouldBe($"{Events} {Events}");
    }
}
