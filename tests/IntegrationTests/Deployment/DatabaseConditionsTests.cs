using System.Diagnostics;
using LeadSync.DevStack;
using LeadSync.IntegrationTests.Sync;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Database;
using LeadSync.ServiceDefaults.Presence;
using LeadSync.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>Customers' databases: several hosts, a statement timeout, a move by logical replication, a switchover.</summary>
public sealed class DatabaseConditionsTests(SharedServers shared) : IAsyncLifetime
{
    private readonly OwnServers own = new(shared);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NpgsqlConnectionStringBuilder Postgres => new(own.Postgres);

    public ValueTask InitializeAsync() => own.InitializeAsync();

    public ValueTask DisposeAsync() => own.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData("primary")]
    public async Task a_service_finds_the_host_that_takes_writes(string? target)
    {
        var postgres = Postgres;
        (postgres.Host, postgres.TargetSessionAttributes) = ($"127.0.0.1:1,{postgres.Host}:{postgres.Port}", target);

        await using var database = PostgresSettings.Source(postgres);
        await using var command = database.CreateCommand("select pg_is_in_recovery()");
        (await command.ExecuteScalarAsync(Stop)).ShouldBe(false);
    }

    [Fact]
    public async Task a_statement_timeout_of_the_role_does_not_count()
    {
        var postgres = Postgres;
        postgres.Options = $"{postgres.Options} -c statement_timeout=10000".Trim();
        await using var database = PostgresSettings.Source(postgres, Service.Session);
        await using var command = database.CreateCommand("show statement_timeout");

        (await command.ExecuteScalarAsync(Stop)).ShouldBe("0");
    }

    /// <summary>A transaction that asks for a lock and waits keeps everybody who comes later from the table.</summary>
    [Fact]
    public async Task a_start_waits_for_no_transaction_that_reads_or_writes_the_tables()
    {
        await using var database = NpgsqlDataSource.Create(own.Postgres);
        await using var reader = await database.OpenConnectionAsync(Stop);
        await using var transaction = await reader.BeginTransactionAsync(Stop);
        await using var command = new NpgsqlCommand("""
            do $$ declare held text; begin
                for held in select c.oid::regclass from pg_class c where c.relkind in ('r', 'p', 'v')
                    and c.relnamespace::regnamespace::text in ('parking', 'gateway', 'scheduler', 'projector', 'legacy')
                loop execute format('lock table %s in row exclusive mode', held); end loop;
            end $$
            """, reader);
        await command.ExecuteNonQueryAsync(Stop);

        foreach (var service in new[] { "Gateway", "Projector", "Scheduler" })
            (await Migrate(service, Postgres)).ShouldSatisfyAllConditions(ended => ended.ExitCode.ShouldBe(0, $"{service}: {ended.Error}"));
    }

    [Fact]
    public async Task columns_that_an_earlier_version_did_not_have_are_added()
    {
        (string Service, string Table, string Column)[] added =
        [
            ("Gateway", "parking.running", "not_ready"), ("Projector", "projector.sightings", "parked"),
            ("Scheduler", "scheduler.alert", "subject"),
        ];
        foreach (var (service, table, column) in added)
        {
            await Execute($"alter table {table} drop column {column}");

            (await Migrate(service, Postgres)).ExitCode.ShouldBe(0);
            (await Execute($"select count({column}) from {table}")).ShouldBeOfType<long>();
        }
    }

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_sequence_behind_its_table_is_named_and_the_migration_corrects_it()
    {
        await Execute("insert into scheduler.mt_streams (id) values ('moved')");
        await Execute("""
            insert into scheduler.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            values (7000, gen_random_uuid(), 'moved', 1, '{}', 'gap_detected', now(), '*DEFAULT*')
            """);

        var refused = await Run(
            "Scheduler", Postgres, ("Database__AutoMigrate", "false"), ("ConnectionStrings__RabbitMq", $"{own.RabbitMq}"));

        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("scheduler.mt_events_sequence is behind its table");
        (await Migrate("Scheduler", Postgres)).ExitCode.ShouldBe(0);
        (await Execute("select nextval('scheduler.mt_events_sequence')")).ShouldBe(7001L);
    }

    /// <summary>A switchover behind one address: pooled connections still lead to the old server, which has become read-only.</summary>
    [Fact]
    public async Task pooled_connections_that_became_read_only_are_replaced()
    {
        var name = Postgres.Database;
        await Execute($"alter database \"{name}\" set default_transaction_read_only = on");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHealthChecks();
        builder.Services.AddSingleton<InFlight>();
        builder.Services.AddSingleton(_ => PostgresSettings.Source(Postgres, "set jit = off"));
        builder.Services.AddKeyedSingleton(PostgresSettings.LongWork, (_, _) => PostgresSettings.Source(Postgres));
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Heartbeat>(provider, "moved", false));
        await using var services = builder.Services.BuildServiceProvider();
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await using (var command = database.CreateCommand("create table refused ()"))
        {
            var refused = await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Stop));
            refused.SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
        }

        await Execute($"alter database \"{name}\" reset default_transaction_read_only");
        var heartbeat = services.GetRequiredService<Heartbeat>();
        await heartbeat.StartAsync(Stop);
        try
        {
            await RunningSync.Until("the heartbeat is recorded", async () =>
                await Execute("select count(*) from parking.running where service = 'moved'") is 1L);
        }
        finally
        {
            await heartbeat.StopAsync(CancellationToken.None);
        }
    }

    private static Task<ProgramResult> Migrate(string service, NpgsqlConnectionStringBuilder postgres) =>
        Run(service, postgres, arguments: ["migrate"]);

    private static Task<ProgramResult> Run(
        string service, NpgsqlConnectionStringBuilder postgres, params (string Key, string Value)[] settings) =>
        Run(service, postgres, [], settings);

    private static Task<ProgramResult> Run(
        string service, NpgsqlConnectionStringBuilder postgres, string[] arguments, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Assembly(service), .. arguments]);
        start.Environment["ConnectionStrings__Postgres"] = postgres.ConnectionString;
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        return ProgramResult.RunAsync(start, Stop);
    }

    private async Task<object?> Execute(string sql)
    {
        var writing = new NpgsqlConnectionStringBuilder(own.Postgres) { Pooling = false, Options = "-c default_transaction_read_only=off" };
        await using var database = NpgsqlDataSource.Create(writing.ConnectionString);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }
}
