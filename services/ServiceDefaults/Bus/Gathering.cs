namespace LeadSync.ServiceDefaults.Bus;

/// <summary>
/// Does for many at once what each of them waits for: while all hands are busy, or were just now, what comes in is gathered. So the first never waits for
/// others to come, and the more come, the less each costs. MassTransit's batches are closed after a time instead, and are as small when all is busy.
/// </summary>
/// <typeparam name="T">What is gathered.</typeparam>
/// <param name="most">So many at once.</param>
/// <param name="hands">So often at the same time.</param>
/// <param name="apart">No sooner after it last began to act; the first that comes after a pause is acted on at once.</param>
/// <param name="time">What <paramref name="apart"/> is measured in.</param>
/// <param name="act">Acts on what was gathered, in the order in which it came. When it fails, it has failed for all.</param>
public sealed class Gathering<T>(int most, int hands, TimeSpan apart, TimeProvider time, Func<IReadOnlyList<T>, Task> act) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim free = new(hands);
    private List<T> gathered = [];
    private Task acted = Task.CompletedTask;
    private long? begun;

    /// <returns>Ends when it was acted on.</returns>
    public Task Add(T item)
    {
        lock (gate)
        {
            if (gathered.Count == 0 || gathered.Count == most)
                acted = Act(gathered = []);
            gathered.Add(item);
            return acted;
        }
    }

    /// <summary>As <see cref="Add"/>; what fails for another reason than an outage is acted on once more, each by itself: one that always fails takes
    /// no others along.</summary>
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
            return begun is { } last ? apart - time.GetElapsedTime(last) : TimeSpan.Zero;
    }

    private async Task Act(List<T> items)
    {
        await Task.Yield();
        await free.WaitAsync();
        try
        {
            if (Rest() is { Ticks: > 0 } rest)
                await Task.Delay(rest, time);
            lock (gate)
            {
                begun = time.GetTimestamp();
                if (items == gathered)
                    gathered = [];
            }

            await act(items);
        }
        finally
        {
            free.Release();
        }
    }
}
