using LeadSync.Contracts;
using LeadSync.ServiceDefaults.Bus;
using LeadSync.ServiceDefaults.Database;
using Npgsql;

namespace LeadSync.Gateway.Zoho.Calls;

/// <summary>
/// The calls that Zoho accepts at the same time, shared by all replicas: a call needs one of the places that the database keeps. Some are
/// reserved for live calls. A place whose replica died or froze is free again after a while.
/// </summary>
internal sealed class CallPlaces(NpgsqlDataSource database, ZohoOptions options, TimeProvider clock) : IDisposable
{
    private const int MostWaiting = 1_000;

    // Longer than any attempt at a call.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    // A database that does not answer must not block calls to Zoho.
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DatabasePause = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Lane, SemaphoreSlim> queues = Enum.GetValues<Lane>().ToDictionary(lane => lane, _ => new SemaphoreSlim(1));
    private readonly Dictionary<Lane, SemaphoreSlim> alone = Enum.GetValues<Lane>().ToDictionary(lane => lane, _ => new SemaphoreSlim(1));
    private readonly int[] waiting = new int[Enum.GetValues<Lane>().Length];
    private long? databaseFailedAt;

    /// <summary>Waits for a place behind the earlier calls of the lane. The place is free again when the result is disposed of.</summary>
    /// <exception cref="ZohoException">Too many calls wait already.</exception>
    public async Task<CallPlace> Take(Lane lane, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        try
        {
            if (Interlocked.Increment(ref waiting[(int)lane]) > MostWaiting)
                throw new ZohoException(ZohoErrorKind.Throttled, "TOO_MANY_CALLS_WAIT");

            // One waiting call asks the database; the others wait behind it.
            await queues[lane].WaitAsync(ct);
            try
            {
                return await Find(lane, ct);
            }
            finally
            {
                queues[lane].Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting[(int)lane]);
            GatewayMetrics.Waited(lane, clock.GetElapsedTime(began));
        }
    }

    public void Dispose()
    {
        foreach (var gate in queues.Values.Concat(alone.Values))
            gate.Dispose();
    }

    private async Task<CallPlace> Find(Lane lane, CancellationToken ct)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (databaseFailedAt is { } failedAt && clock.GetElapsedTime(failedAt) < DatabasePause)
                return await TakeAlone(lane, ct);

            try
            {
                using var patience = new CancellationTokenSource(DatabasePatience, clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
                if (!IsBehindChannel(lane) && await TakeFree(lane, either.Token) is { } place)
                    return place;
            }
            catch (Exception e) when (Retries.IsOfDatabase(e) || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                databaseFailedAt = clock.GetTimestamp();
                continue;
            }

            await Task.Delay(pause, clock, ct);
        }
    }

    // A renewal waits for nothing but a free place.
    private bool IsBehindChannel(Lane lane) => lane != Lane.Channel && Volatile.Read(ref waiting[(int)Lane.Channel]) > 0;

    /// <returns>Null when all places are taken.</returns>
    private async Task<CallPlace?> TakeFree(Lane lane, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            insert into gateway.call_place as taken (place, taken_until)
            select free.place, clock_timestamp() + $3
            from generate_series(1, $1) as free (place)
            where not exists (select from gateway.call_place other where other.place = free.place and other.taken_until > clock_timestamp())
            order by free.place <= $2, random()
            limit 1
            on conflict (place) do update set taken_until = excluded.taken_until where taken.taken_until <= clock_timestamp()
            returning place, taken_until
            """).With(lane == Lane.Background ? BackgroundPlaces : options.ParallelCalls, BackgroundPlaces, Lease);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new Place(database, row.GetInt32(0), row.GetDateTime(1), clock) : null;
    }

    // The places that background calls may take: at least one, and not all of them where there are several.
    private int BackgroundPlaces => Math.Clamp(options.ParallelCalls * 3 / 5, 1, ZohoLimits.ParallelLists);

    // Without the database, each replica makes one call of each lane at a time, so a few replicas stay within Zoho's limit.
    private async Task<CallPlace> TakeAlone(Lane lane, CancellationToken ct)
    {
        await alone[lane].WaitAsync(ct);
        return new LonePlace(alone[lane]);
    }

    private sealed class Place(NpgsqlDataSource database, int number, DateTime until, TimeProvider clock) : CallPlace
    {
        private PeriodicTimer? renewal;

        public override ValueTask DisposeAsync()
        {
            // The caller need not wait until the place is given back.
            if (renewal is null)
                _ = GiveBack();
            renewal?.Dispose();
            return ValueTask.CompletedTask;
        }

        protected override void Renew() => _ = RenewUntilEnd(renewal = new PeriodicTimer(Renewal, clock));

        private async Task RenewUntilEnd(PeriodicTimer timer)
        {
            while (await timer.WaitForNextTickAsync())
                await RenewOnce();
            await GiveBack();
        }

        private async Task RenewOnce()
        {
            try
            {
                // Another replica may have the place by now, if this one was frozen.
                await using var command = database.CreateCommand("""
                    update gateway.call_place set taken_until = clock_timestamp() + $3 where place = $1 and taken_until = $2
                    returning taken_until
                    """).With(number, until, Lease);
                if (await command.ExecuteScalarAsync() is DateTime renewed)
                    until = renewed;
            }
            catch (Exception e) when (Retries.IsOfDatabase(e) || e is ObjectDisposedException or OperationCanceledException)
            {
                // The place is free when its lease ends.
            }
        }

        private async Task GiveBack()
        {
            try
            {
                await using var command = database.CreateCommand(
                    "update gateway.call_place set taken_until = '-infinity' where place = $1 and taken_until = $2").With(number, until);
                await command.ExecuteNonQueryAsync();
            }
            catch (Exception e) when (Retries.IsOfDatabase(e) || e is ObjectDisposedException or OperationCanceledException)
            {
                // The place is free when its lease ends.
            }
        }
    }

    private sealed class LonePlace(SemaphoreSlim alone) : CallPlace
    {
        public override ValueTask DisposeAsync()
        {
            alone.Release();
            return ValueTask.CompletedTask;
        }

        protected override void Renew()
        {
            // A place without the database has no lease.
        }
    }
}

/// <summary>A place for a call. It is free when it is disposed of.</summary>
internal abstract class CallPlace : IAsyncDisposable
{
    /// <summary>Whether the call's result owns the place. Then the place is free when the result is disposed of.</summary>
    public bool IsKept { get; private set; }

    /// <summary>Keeps the place after the call has returned, for as long as the answer takes.</summary>
    public CallPlace Keep()
    {
        IsKept = true;
        Renew();
        return this;
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    protected abstract void Renew();
}
