namespace LeadSync.ServiceDefaults.Bus;

/// <summary>
/// Batches whatever arrives while earlier batches run. The first item starts at once. The busier the service, the larger the batches, and
/// the less each item costs. MassTransit's batches wait for a fixed time instead, and stay small under load.
/// </summary>
/// <typeparam name="T">The items.</typeparam>
/// <param name="maxBatchSize">The most items in a batch.</param>
/// <param name="maxConcurrentBatches">The most batches at the same time.</param>
/// <param name="minInterval">The least time between the starts of two batches. An item that arrives after a longer pause starts at
/// once.</param>
/// <param name="clock">The clock that measures <paramref name="minInterval"/>.</param>
/// <param name="handle">Handles a batch, in the order in which its items arrived. When it fails, all items of the batch have
/// failed.</param>
public sealed class Gathering<T>(
    int maxBatchSize, int maxConcurrentBatches, TimeSpan minInterval, TimeProvider clock, Func<IReadOnlyList<T>, Task> handle) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim free = new(maxConcurrentBatches);
    private List<T> gathered = [];
    private Task acted = Task.CompletedTask;
    private long? begun;

    /// <returns>Ends when the item's batch was handled.</returns>
    public Task Add(T item)
    {
        lock (gate)
        {
            if (gathered.Count == 0 || gathered.Count == maxBatchSize)
                acted = Act(gathered = []);
            gathered.Add(item);
            return acted;
        }
    }

    /// <summary>As <see cref="Add"/>. When a batch fails for another reason than an outage, each of its items is handled once more alone,
    /// so that one item that always fails does not fail the others.</summary>
    public async Task AddOrAlone(T item)
    {
        try
        {
            await Add(item);
        }
        catch (Exception e) when (!Retries.IsOutage(e))
        {
            await Act([item]);
        }
    }

    public void Dispose() => free.Dispose();

    private TimeSpan Rest()
    {
        lock (gate)
            return begun is { } last ? minInterval - clock.GetElapsedTime(last) : TimeSpan.Zero;
    }

    private async Task Act(List<T> items)
    {
        await Task.Yield();
        await free.WaitAsync();
        try
        {
            if (Rest() is { Ticks: > 0 } rest)
                await Task.Delay(rest, clock);
            lock (gate)
            {
                begun = clock.GetTimestamp();
                if (items == gathered)
                    gathered = [];
            }

            await handle(items);
        }
        finally
        {
            free.Release();
        }
    }
}
