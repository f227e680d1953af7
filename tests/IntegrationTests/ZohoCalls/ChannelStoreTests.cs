using LeadSync.Gateway.Channels;
using Npgsql;

namespace LeadSync.IntegrationTests.ZohoCalls;

/// <summary>All replicas share the channel in the database.</summary>
public sealed class ChannelStoreTests(OwnServers own) : IClassFixture<OwnServers>, IAsyncDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NpgsqlDataSource Database { get; } = NpgsqlDataSource.Create(own.Postgres);

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    /// <summary>A sender of unknown tokens has the tokens read once a second.</summary>
    [Fact]
    public async Task replicas_that_start_together_have_one_channel_and_reading_it_writes_nothing()
    {
        var channels = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => new ChannelStore(Database).Get(Stop)));
        channels.Select(channel => channel.Id).Distinct().ShouldHaveSingleItem();
        var before = await Row();

        await new ChannelStore(Database).Accepted(Stop);

        (await Row()).ShouldBe(before);

        async Task<object?> Row()
        {
            await using var command = Database.CreateCommand(
                "select string_agg(concat(ctid, ' ', xmin, ' ', xmax), ',') from gateway.channel");
            return await command.ExecuteScalarAsync(Stop);
        }
    }
}
