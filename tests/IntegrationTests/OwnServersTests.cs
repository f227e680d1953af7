using System.Text;
using Npgsql;
using RabbitMQ.Client;

namespace LeadSync.IntegrationTests;

public sealed class OwnServersTests(OwnServers own) : IClassFixture<OwnServers>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_database_is_a_real_one_and_empty()
    {
        await using var database = NpgsqlDataSource.Create(own.Postgres);
        await using var command = database.CreateCommand("select count(*) from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')");

        (await command.ExecuteScalarAsync(Stop)).ShouldBe(0L);
    }

    [Fact]
    public async Task the_broker_is_a_real_one_and_keeps_a_message_until_it_is_fetched()
    {
        await using var connection = await new ConnectionFactory { Uri = own.RabbitMq }.CreateConnectionAsync(Stop);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Stop);
        var queue = await channel.QueueDeclareAsync(cancellationToken: Stop);

        await channel.BasicPublishAsync("", queue.QueueName, mandatory: true, "kept"u8.ToArray(), Stop);

        var message = await channel.BasicGetAsync(queue.QueueName, autoAck: true, Stop);
        Encoding.UTF8.GetString(message.ShouldNotBeNull().Body.Span).ShouldBe("kept");
    }
}
