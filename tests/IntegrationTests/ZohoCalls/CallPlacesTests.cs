using LeadSync.Gateway.Zoho;
using Npgsql;

namespace LeadSync.IntegrationTests.ZohoCalls;

/// <summary>All replicas share the places for calls to Zoho in the database.</summary>
public sealed class CallPlacesTests(OwnServers own) : IClassFixture<OwnServers>, IAsyncLifetime
{
    private static readonly ZohoOptions Options = new()
    {
        AccountsUrl = new Uri("https://accounts.test"),
        ClientId = "client",
        ClientSecret = "secret",
        RefreshToken = "refresh",
        ParallelCalls = 5,
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private NpgsqlDataSource Database { get; } = NpgsqlDataSource.Create(own.Postgres);

    public async ValueTask InitializeAsync()
    {
        // As in the gateway's schema.sql.
        await using var command = Database.CreateCommand("""
            create schema if not exists gateway;
            create unlogged table if not exists gateway.call_place (place integer primary key, taken_until timestamptz not null);
            truncate gateway.call_place
            """);
        await command.ExecuteNonQueryAsync(Stop);
    }

    public async ValueTask DisposeAsync() => await Database.DisposeAsync();

    [Fact]
    public async Task six_replicas_never_make_more_than_five_calls_at_the_same_time()
    {
        var (running, most) = (0, 0);
        var gate = new Lock();
        var replicas = Enumerable.Range(0, 6).Select(_ => new CallPlaces(Database, Options, TimeProvider.System)).ToList();

        await Task.WhenAll(replicas.SelectMany(replica => Enumerable.Range(0, 20).Select(async number =>
        {
            await using var place = await replica.Take(number % 2 == 0 ? Lane.Live : Lane.Background, Stop);
            lock (gate)
                most = Math.Max(most, ++running);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Stop);
            lock (gate)
                running--;
        })));

        most.ShouldBeInRange(2, 5);
        replicas.ForEach(replica => replica.Dispose());
    }

    [Fact]
    public async Task calls_for_catch_ups_leave_places_to_live_changes()
    {
        using var busy = new CallPlaces(Database, Options, TimeProvider.System);
        using var other = new CallPlaces(Database, Options, TimeProvider.System);
        for (var taken = 0; taken < 3; taken++)
            await busy.Take(Lane.Background, Stop);
        var fourth = busy.Take(Lane.Background, Stop);

        await using var live = await other.Take(Lane.Live, Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);

        fourth.IsCompleted.ShouldBeFalse();
        await GiveUpAll();
        await fourth.WaitAsync(TimeSpan.FromSeconds(10), Stop);
    }

    [Fact]
    public async Task a_frozen_replica_keeps_its_places_only_for_seconds()
    {
        using var frozen = new CallPlaces(Database, Options, TimeProvider.System);
        for (var taken = 0; taken < 5; taken++)
            await frozen.Take(Lane.Live, Stop);

        await using var command = Database.CreateCommand(
            "select max(taken_until) <= now() + interval '40 seconds' from gateway.call_place");
        (await command.ExecuteScalarAsync(Stop)).ShouldBe(true);
        await GiveUpAll();
        using var other = new CallPlaces(Database, Options, TimeProvider.System);
        await using var place = await other.Take(Lane.Live, Stop).WaitAsync(TimeSpan.FromSeconds(10), Stop);
    }

    [Fact]
    public async Task without_the_database_calls_are_made_one_by_one()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Timeout=1");
        using var places = new CallPlaces(nowhere, Options, TimeProvider.System);
        var first = await places.Take(Lane.Live, Stop);
        await using var background = await places.Take(Lane.Background, Stop);
        var second = places.Take(Lane.Live, Stop);

        second.IsCompleted.ShouldBeFalse();
        await first.DisposeAsync();
        await (await second.WaitAsync(TimeSpan.FromSeconds(10), Stop)).DisposeAsync();
    }

    // Moves the times back, as if time had passed.
    private async Task GiveUpAll()
    {
        await using var command = Database.CreateCommand("update gateway.call_place set taken_until = now()");
        await command.ExecuteNonQueryAsync(Stop);
    }
}
