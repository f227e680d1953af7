using System.Net.Http.Json;
using System.Text.Json;
using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Services;
using LeadSync.IntegrationTests.Sync;
using LeadSync.TestSupport;
using Npgsql;

namespace LeadSync.IntegrationTests.Deployment;

/// <summary>Two PostgreSQL servers, of which one is a hot standby and comes first in the connection string.</summary>
public sealed class FailoverTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task a_failover_loses_and_parks_nothing()
    {
        Assert.SkipUnless(InstalledPostgres.IsInstalled, "needs PostgreSQL on this machine");
        await using var own = new OwnServers(shared);
        await own.InitializeAsync();
        await using var primary = await InstalledPostgres.StartAsync(shared.Run, durable: true, Stop, "failover-primary");
        await using var standby = await InstalledPostgres.StartStandbyAsync(shared.Run, primary, "failover-standby", Stop);
        // The primary confirms a commit only when the standby has it.
        await Value(primary, "alter system set synchronous_standby_names = '*'");
        await Value(primary, "select pg_reload_conf()");
        await using var services = await ServiceProcesses.StartAsync(
            new(Both(standby, primary), own.RabbitMq) { Leads = 300 }, shared.Run, Stop);
        await RunningSync.Until("the sync has read every lead", async () =>
            await Value(primary, "select phase from legacy.sync_status") is "in sync");

        await Create(services, "before");
        await RunningSync.Until("the new leads are in the view", async () => await Created(primary, "before") is 20L);
        await primary.Process!.KillAsync();
        await Create(services, "meanwhile");
        await Value(standby, "select pg_promote()");
        await Create(services, "after");

        await RunningSync.Until("all new leads are in the view of the new primary", async () =>
            (await Created(standby, "before"), await Created(standby, "meanwhile"), await Created(standby, "after")) is (20L, 20L, 20L));
        (await Value(standby, "select count(*) from parking.parked")).ShouldBe(0L);
    }

    private static string Both(PostgresServer first, PostgresServer second)
    {
        var one = new NpgsqlConnectionStringBuilder(first.ConnectionString);
        var other = new NpgsqlConnectionStringBuilder(second.ConnectionString);
        other.Host = $"{one.Host}:{one.Port},{other.Host}:{other.Port}";
        return other.ConnectionString;
    }

    private static async Task Create(ServiceProcesses services, string city)
    {
        var order = new { count = 20, values = new { City = city } };
        using var answer = await services.Simulator.Http.PostAsJsonAsync(
            "/control/leads/create", order, JsonSerializerOptions.Default, Stop);
        answer.EnsureSuccessStatusCode();
    }

    private static Task<object?> Created(PostgresServer server, string city) =>
        Value(server, $"select count(*) from legacy.leads where city = '{city}'");

    private static async Task<object?> Value(PostgresServer server, string sql)
    {
        await using var database = NpgsqlDataSource.Create(server.ConnectionString);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }
}
