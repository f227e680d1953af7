using LeadSync.Gateway.Zoho;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.IntegrationTests.Sync;
using LeadSync.ServiceDefaults.Database;
using Microsoft.Extensions.Time.Testing;
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

    public async ValueTask InitializeAsync() => await Database.Execute("truncate gateway.call_place", Stop);

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

    [Fact]
    public async Task a_call_for_the_channel_is_next_however_many_live_calls_wait()
    {
        var time = new PausesCounted();
        using var places = new CallPlaces(Database, Options, time);
        for (var taken = 0; taken < 5; taken++)
            await places.Take(Lane.Live, Stop);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var live = Enumerable.Range(0, 1_000).Select(_ => places.Take(Lane.Live, enough.Token)).ToList();
        (await Should.ThrowAsync<ZohoException>(() => places.Take(Lane.Live, Stop))).Kind.ShouldBe(ZohoErrorKind.Throttled);

        // Without the rule, each of the two calls that look for a place would find it about as often.
        for (var round = 0; round < 40; round++)
        {
            // Between two looks, the first of the live calls waits.
            await RunningSync.Until("no call looks for a place", () => Task.FromResult(time.Pauses == 1));
            var channel = places.Take(Lane.Channel, Stop);
            await RunningSync.Until("the call for the channel found no place", () => Task.FromResult(time.Pauses == 2));
            await Database.Execute("update gateway.call_place set taken_until = now() where place = 1", Stop);
            time.Advance(PausesCounted.Longest);
            await RunningSync.Until("a call has the place", () =>
                Task.FromResult(channel.IsCompleted || live.Exists(call => call.IsCompleted)));
            channel.IsCompletedSuccessfully.ShouldBeTrue("a live call took its place");
        }

        live.ShouldAllBe(call => !call.IsCompleted);
        await enough.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Task.WhenAll(live));
    }

    [Fact]
    public async Task a_kept_place_stays_taken_for_longer_than_its_lease_and_is_free_when_it_is_given_back()
    {
        using var places = new CallPlaces(Database, Options, new Hurried());
        var file = (await places.Take(Lane.Background, Stop)).Keep();
        var until = await TakenUntil();

        await RunningSync.Until("the lease is renewed", async () => await TakenUntil() > until);
        await file.DisposeAsync();

        await RunningSync.Until("the place is free", async () => await TakenUntil() < until);
    }

    private async Task<DateTime> TakenUntil()
    {
        await using var command = Database.CreateCommand("select taken_until from gateway.call_place");
        return (DateTime)(await command.ExecuteScalarAsync(Stop))!;
    }

    // Moves the times back, as if time had passed.
    private Task GiveUpAll() => Database.Execute("update gateway.call_place set taken_until = now()", Stop);

    /// <summary>Pauses of ten seconds and more take a hundredth of their time.</summary>
    private sealed class Hurried : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

        private static TimeSpan Shorter(TimeSpan time) => time >= TimeSpan.FromSeconds(10) ? time / 100 : time;
    }
}

/// <summary>A clock that stands still, and counts the calls that wait between two looks for a place.</summary>
internal sealed class PausesCounted : FakeTimeProvider
{
    /// <summary>A call waits no longer between two looks.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private int pauses;

    public int Pauses => Volatile.Read(ref pauses);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        return dueTime > Longest ? timer : new Pause(this, timer);
    }

    private sealed class Pause : ITimer
    {
        private readonly PausesCounted clock;
        private readonly ITimer timer;
        private int ended;

        public Pause(PausesCounted clock, ITimer timer)
        {
            (this.clock, this.timer) = (clock, timer);
            Interlocked.Increment(ref clock.pauses);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            if (Interlocked.Exchange(ref ended, 1) == 0)
                Interlocked.Decrement(ref clock.pauses);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
