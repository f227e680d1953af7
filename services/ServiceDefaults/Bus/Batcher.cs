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
public sealed class Batcher<T>(
    int maxBatchSize, int maxConcurrentBatches, TimeSpan minInterval, TimeProvider clock, Func<IReadOnlyList<T>, Task> handle) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim free = new(maxConcurrentBatches);
    private List<T> waiting = [];
    private Task handled = Task.CompletedTask;
    private long? lastStart;

    /// <returns>Ends when the item's batch was handled.</returns>
    public Task Add(T item)
    {
        lock (gate)
        {
            if (waiting.Count == 0 || waiting.Count == maxBatchSize)
                handled = HandleBatch(waiting = []);
            waiting.Add(item);
            return handled;
        }
    }

    /// <summary>As <see cref="Add"/>. When a batch fails for another reason than an outage, each of its items is handled once more alone,
    /// so that one item that always fails does not fail the others.</summary>
    public async Task AddOrHandleAlone(T item)
    {
        try
        {
            await Add(item);
        }
        catch (Exception e) when (!Retries.IsOutage(e))
        {
            await HandleBatch([item]);
        }
    }

    public void Dispose() => free.Dispose();

    private TimeSpan Pause()
    {
        lock (gate)
            return lastStart is { } last ? minInterval - clock.GetElapsedTime(last) : TimeSpan.Zero;
    }

    private async Task HandleBatch(List<T> items)
    {
        await Task.Yield();
        await free.WaitAsync();
        try
        {
            if (Pause() is { Ticks: > 0 } pause)
                await Task.Delay(pause, clock);
            lock (gate)
            {
                lastStart = clock.GetTimestamp();
                if (items == waiting)
                    waiting = [];
            }

            await handle(items);
        }
        finally
        {
            free.Release();
        }
    }
}
