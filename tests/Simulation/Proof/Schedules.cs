using LeadSync.Simulation.Mutants;

namespace LeadSync.Simulation.Proof;

/// <summary>Many schedules, one after the other, on as many threads as wanted; each is of its own seed and knows of no other.</summary>
internal static class Schedules
{
    private const ulong SeedsOfADay = 1_000_000;

    /// <summary>The first of the seeds that are another day's tomorrow.</summary>
    public static ulong FirstOf(DateTimeOffset day) => (ulong)(day.UtcDateTime.Date - DateTime.UnixEpoch).Days * SeedsOfADay;

    /// <returns>The least seed that broke a guarantee, however many threads there are; null when none did.</returns>
    public static (ulong Seed, Violation Violation)? First(
        ulong seed, long count, int parallel, Seams seams, CancellationToken cancellation)
    {
        (ulong Seed, Violation Violation)? first = null;
        // Seeds are begun in order, and all that were begun are ended.
        Each(seed, count, parallel, seams, (tried, outcome) =>
        {
            if (outcome.Violation is { } violation && (first is null || tried < first.Value.Seed))
                first = (tried, violation);
            return first is null;
        }, cancellation);
        return first;
    }

    /// <param name="ended">Told one at a time; false ends the run.</param>
    public static void Each(
        ulong seed, long count, int parallel, Seams seams, Func<ulong, Outcome, bool> ended, CancellationToken cancellation)
    {
        var gate = new Lock();
        long next = -1;
        var over = false;
        Parallel.For(0, parallel, new ParallelOptions { MaxDegreeOfParallelism = parallel }, _ =>
        {
            while (!Volatile.Read(ref over) && !cancellation.IsCancellationRequested && Interlocked.Increment(ref next) is var index
                && index < count)
            {
                var current = seed + (ulong)index;
                var outcome = Schedule.Run(current, seams);
                lock (gate)
                    over |= !ended(current, outcome);
            }
        });
    }
}
