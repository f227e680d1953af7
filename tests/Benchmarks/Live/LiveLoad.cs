using System.Collections.Concurrent;
using System.Globalization;
using LeadSync.Benchmarks.Leads;
using LeadSync.DevStack;
using Npgsql;

namespace LeadSync.Benchmarks.Live;

/// <summary>
/// Announces changes, one lead each, and measures the time from just before sending a change to just after reading it from a table.
/// </summary>
/// <param name="send">Announces the change with this number of the lead with this id.</param>
/// <param name="table">The table whose <c>campaign_code</c> gets the number.</param>
internal sealed class LiveLoad(Func<int, string, Task> send, NpgsqlDataSource database, string table)
{
    public const int Leads = 20_000;

    private const int LookedAtOnce = 200;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<Change> sent = new();
    private readonly List<double> latencies = [];
    private int waiting;

    // No number is used twice, because a row with an old number would look like the change.
    private int number;

    /// <summary>The text that identifies a change.</summary>
    public static string Mark(int number) => $"bench-{number}";

    /// <summary>Announces changes at a steady pace.</summary>
    /// <returns>The time of each change, in milliseconds.</returns>
    public Task<IReadOnlyList<double>> SteadyAsync(int perSecond, TimeSpan duration, CancellationToken cancellationToken) =>
        RunAsync(duration, (elapsed, made) => made < elapsed.TotalSeconds * perSecond, cancellationToken);

    /// <summary>Announces changes as fast as they become visible, with a limit for the changes under way.</summary>
    /// <returns>Changes a second.</returns>
    public async Task<double> AtLimitAsync(int underWay, TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var made = await RunAsync(duration, (_, _) => Volatile.Read(ref waiting) < underWay, cancellationToken);
        return made.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task<IReadOnlyList<double>> RunAsync(
        TimeSpan duration, Func<TimeSpan, int, bool> isDue, CancellationToken cancellationToken)
    {
        latencies.Clear();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var looking = LookAsync(() => done.IsCancellationRequested, cancellationToken);
        var sending = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        var first = number;
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            while (isDue(Stopwatch.GetElapsedTime(started), number - first))
                sending.Add(SendAsync(number++));
            await Task.WhenAll(sending.Where(one => one.IsFaulted));
            sending.RemoveAll(one => one.IsCompleted);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellationToken);
        }

        await Task.WhenAll(sending);
        await done.CancelAsync();
        await looking;
        return latencies;
    }

    private async Task SendAsync(int change)
    {
        var id = LeadPage.Id(change % Leads);
        Interlocked.Increment(ref waiting);
        var sentAt = Stopwatch.GetTimestamp();
        await send(change, id);
        sent.Enqueue(new Change(change, id, sentAt));
    }

    private async Task LookAsync(Func<bool> isDone, CancellationToken cancellationToken)
    {
        var unseen = new Dictionary<string, Change>();
        var lastSeen = Stopwatch.GetTimestamp();
        while (!isDone() || !sent.IsEmpty || unseen.Count > 0)
        {
            while (unseen.Count < LookedAtOnce && sent.TryDequeue(out var change))
                unseen[change.Id] = change;
            if (await SeeAsync(unseen, cancellationToken) || unseen.Count == 0)
                lastSeen = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(lastSeen) > Patience)
                throw new DevStackException($"{unseen.Count} changes are not visible after {Patience.TotalSeconds:0} seconds.");
            await Task.Delay(BetweenLooks, TimeProvider.System, cancellationToken);
        }
    }

    private async Task<bool> SeeAsync(Dictionary<string, Change> unseen, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select id, campaign_code from {table} where id = any($1) and campaign_code like 'bench-%'");
        command.Parameters.Add(new() { Value = unseen.Keys.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var any = false;
        while (await reader.ReadAsync(cancellationToken))
        {
            var change = unseen[reader.GetString(0)];
            if (int.Parse(reader.GetString(1).AsSpan("bench-".Length), CultureInfo.InvariantCulture) < change.Number)
                continue;

            latencies.Add(Stopwatch.GetElapsedTime(change.SentAt).TotalMilliseconds);
            unseen.Remove(change.Id);
            Interlocked.Decrement(ref waiting);
            any = true;
        }

        return any;
    }

    private readonly record struct Change(int Number, string Id, long SentAt);
}
