using System.Diagnostics;
using LeadSync.DevStack;
using LeadSync.IntegrationTests.Sync;
using LeadSync.ServiceDefaults;
using LeadSync.ServiceDefaults.Presence;
using LeadSync.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>Databases as customers have them: of several hosts, with limits of the role's, moved, and failed over.</summary>
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
    [InlineData("read-write")]
    public async Task of_several_hosts_the_one_that_takes_writes_is_found(string? target)
    {
        var postgres = Postgres;
        (postgres.Host, postgres.TargetSessionAttributes) = ($"127.0.0.1:1,{postgres.Host}:{postgres.Port}", target);

        (await Migrate("Scheduler", postgres)).ShouldSatisfyAllConditions(ended => ended.ExitCode.ShouldBe(0, ended.Error));
    }

    [Fact]
    public async Task a_limit_of_the_roles_is_not_meant_for_the_services()
    {
        var postgres = Postgres;
        postgres.Options = $"{postgres.Options} -c statement_timeout=1".Trim();

        (await Migrate("Projector", postgres)).ShouldSatisfyAllConditions(ended => ended.ExitCode.ShouldBe(0, ended.Error));
    }

    [Fact]
    public async Task a_sequence_that_was_left_behind_by_a_move_is_named_and_set_right()
    {
        await Execute("insert into scheduler.mt_streams (id) values ('moved')");
        await Execute("""
            insert into scheduler.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            values (7000, gen_random_uuid(), 'moved', 1, '{}', 'gap_detected', now(), '*DEFAULT*')
            """);

        var refused = await Run("Scheduler", Postgres, ("Database__AutoMigrate", "false"), ("ConnectionStrings__RabbitMq", $"{own.RabbitMq}"));

        refused.ExitCode.ShouldBe(2);
        refused.Error.ShouldContain("scheduler.mt_events_sequence is behind its table");
        (await Migrate("Scheduler", Postgres)).ExitCode.ShouldBe(0);
        (await Execute("select nextval('scheduler.mt_events_sequence')")).ShouldBe(7001L);
    }

    /// <summary>A switchover behind an address that stays the same: what was connected stays with the server that takes no more writes.</summary>
    [Fact]
    public async Task connections_to_a_server_that_takes_no_more_writes_are_given_up()
    {
        var name = Postgres.Database;
        await Execute($"alter database \"{name}\" set default_transaction_read_only = on");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<InFlight>();
        builder.Services.AddSingleton(_ => PostgresSettings.Source(Postgres, "set jit = off"));
        builder.Services.AddKeyedSingleton(PostgresSettings.LongWork, (_, _) => PostgresSettings.Source(Postgres));
        builder.Services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Heartbeat>(provider, "moved", false));
        await using var services = builder.Services.BuildServiceProvider();
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await using (var command = database.CreateCommand("insert into parking.running (instance, service, version, host, started_at, working_on) "
            + "values (gen_random_uuid(), 'a try', '0', 'here', now(), 0)"))
        {
            (await Should.ThrowAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Stop))).SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);
        }

        await Execute($"alter database \"{name}\" reset default_transaction_read_only");
        var heartbeat = services.GetRequiredService<Heartbeat>();
        await heartbeat.StartAsync(Stop);
        try
        {
            await RunningSync.Until("the heartbeat is seen", async () => await Execute("select count(*) from parking.running where service = 'moved'") is 1L);
        }
        finally
        {
            await heartbeat.StopAsync(CancellationToken.None);
        }
    }

    private static Task<ProgramResult> Migrate(string service, NpgsqlConnectionStringBuilder postgres) => Run(service, postgres, arguments: ["migrate"]);

    private static Task<ProgramResult> Run(
        string service, NpgsqlConnectionStringBuilder postgres, params (string Key, string Value)[] settings) => Run(service, postgres, [], settings);

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
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(own.Postgres) { Pooling = false, Options = "-c default_transaction_read_only=off" }.ConnectionString);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }
}
