using LeadSync.Simulation.Mutants;

namespace LeadSync.Simulation.Proof;

/// <summary>Runs many independent schedules, each from its own seed, on several threads.</summary>
internal static class Schedules
{
    private const ulong SeedsOfADay = 1_000_000;

    /// <summary>The first seed of a day. Every day has other seeds.</summary>
    public static ulong FirstOf(DateTimeOffset day) => (ulong)(day.UtcDateTime.Date - DateTime.UnixEpoch).Days * SeedsOfADay;

    /// <returns>The least seed that broke a guarantee, with any number of threads; null when none did.</returns>
    public static (ulong Seed, Violation Violation)? First(
        ulong seed, long count, int parallel, Seams seams, CancellationToken cancellation)
    {
        (ulong Seed, Violation Violation)? first = null;
        // Seeds begin in order, and every schedule that has begun runs to its end.
        Each(seed, count, parallel, seams, (tried, outcome) =>
        {
            if (outcome.Violation is { } violation && (first is null || tried < first.Value.Seed))
                first = (tried, violation);
            return first is null;
        }, cancellation);
        return first;
    }

    /// <param name="ended">Called for one schedule at a time; false ends the run.</param>
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
