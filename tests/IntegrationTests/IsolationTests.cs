using LeadSync.DevStack.Infrastructure;
using Npgsql;
using RabbitMQ.Client;

namespace LeadSync.IntegrationTests;

/// <summary>Tests leave nothing on servers, even on servers that they did not start.</summary>
public sealed class IsolationTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task everything_with_the_tests_prefix_is_removed_and_nothing_else()
    {
        var servers = shared.Infrastructure;
        var kept = await Isolation.CreateAsync(servers, Stop);
        var removed = await Isolation.CreateAsync(servers, Stop);
        await Execute($"create role \"{removed.Name}_reader\"");
        await Execute($"create database \"{removed.Name}_copy\" owner \"{removed.Name}_reader\"");
        await servers.RabbitMq.CreateVirtualHostAsync($"{removed.Name}_copy", Stop);
        await Execute($"create role \"{kept.Name}_reader\"");

        await removed.DisposeAsync();

        (await Count(removed.Name)).ShouldBe(0);
        (await Count(kept.Name)).ShouldBe(2);
        // The virtual host is gone, so it cannot be deleted. RabbitMQ 3.10 still accepts connections to its name.
        await Should.ThrowAsync<Exception>(() => servers.RabbitMq.DeleteVirtualHostAsync($"{removed.Name}_copy", Stop));
        await using (await new ConnectionFactory { Uri = kept.RabbitMq }.CreateConnectionAsync(Stop))
        {
        }

        await kept.DisposeAsync();
        (await Count(kept.Name)).ShouldBe(0);
    }

    private async Task<long> Count(string prefix) => (long)(await Execute(
        $"select (select count(*) from pg_database where starts_with(datname::text, '{prefix}')) + (select count(*) from pg_roles "
            + $"where starts_with(rolname::text, '{prefix}'))"))!;

    private async Task<object?> Execute(string sql)
    {
        await using var database = NpgsqlDataSource.Create(shared.Infrastructure.Postgres.ConnectionString);
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Stop);
    }
}
