using System.Diagnostics;

namespace LeadSync.Simulation.Proof;

/// <summary>Many schedules, one after the other, on as many threads as wanted; each is of its own seed and knows of no other.</summary>
internal static class Schedules
{
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(5);

    public static int Run(ulong seed, long count, int parallel, Seams seams, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var reported = started;
        long done = 0;
        var broken = new List<(ulong Seed, Violation Violation)>();
        Each(seed, count, parallel, seams, (failing, violation) =>
        {
            done++;
            if (violation is not null)
            {
                broken.Add((failing, violation));
                Print(failing, violation);
            }

            if (Stopwatch.GetElapsedTime(reported) > Report)
            {
                reported = Stopwatch.GetTimestamp();
                Console.WriteLine($"{done:N0} of {count:N0} schedules, {Rate(done, started):N0} a second, {broken.Count} broken");
            }

            return broken.Count < 20;
        }, cancellation);

        Console.WriteLine($"{done:N0} schedules from seed {seed} in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s ({Rate(done, started):N0} a second): "
            + $"{broken.Count} broke a guarantee.");
        return broken.Count == 0 && done > 0 ? 0 : 1;
    }

    /// <returns>The least seed that broke a guarantee before the run ended; null when none did.</returns>
    public static (ulong Seed, Violation Violation)? First(ulong seed, long count, int parallel, Seams seams, CancellationToken cancellation)
    {
        (ulong Seed, Violation Violation)? first = null;
        Each(seed, count, parallel, seams, (failing, violation) =>
        {
            if (violation is not null && (first is null || failing < first.Value.Seed))
                first = (failing, violation);
            return first is null;
        }, cancellation);
        return first;
    }

    /// <param name="outcome">Told one at a time; false ends the run.</param>
    private static void Each(
        ulong seed, long count, int parallel, Seams seams, Func<ulong, Violation?, bool> outcome, CancellationToken cancellation)
    {
        var gate = new Lock();
        long next = -1;
        var ended = false;
        Parallel.For(0, parallel, new ParallelOptions { MaxDegreeOfParallelism = parallel }, _ =>
        {
            while (!Volatile.Read(ref ended) && !cancellation.IsCancellationRequested && Interlocked.Increment(ref next) is var index && index < count)
            {
                var current = seed + (ulong)index;
                var violation = Schedule.Run(current, seams);
                lock (gate)
                    ended |= !outcome(current, violation);
            }
        });
    }

    private static void Print(ulong seed, Violation violation)
    {
        Console.WriteLine($"Seed {seed} breaks: {violation.Guarantee}. {violation.Text}");
        Console.WriteLine($"  replay it with ./leadsync prove --seed {seed} --trace");
    }

    private static double Rate(long done, long started) => done / Stopwatch.GetElapsedTime(started).TotalSeconds;
}
