using System.Diagnostics;
using LeadSync.Simulation.Mutants;

namespace LeadSync.Simulation.Proof;

/// <summary>A run of many schedules, reported on the terminal.</summary>
internal static class Run
{
    private const int MostBroken = 20;

    private static readonly TimeSpan Report = TimeSpan.FromSeconds(5);

    public static int Of(ulong seed, long count, int parallel, Seams seams, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var reported = started;
        var coverage = new Coverage();
        long done = 0;
        var broken = 0;
        Schedules.Each(seed, count, parallel, seams, (ended, outcome) =>
        {
            done++;
            coverage.Add(outcome.Coverage);
            if (outcome.Violation is { } violation)
            {
                broken++;
                Console.WriteLine($"Seed {ended} breaks: {violation.Guarantee}. {violation.Text}");
                Console.WriteLine($"  replay it with ./leadsync prove --seed {ended} --trace");
            }

            if (Stopwatch.GetElapsedTime(reported) > Report)
            {
                reported = Stopwatch.GetTimestamp();
                Console.WriteLine($"{done:N0} of {count:N0} schedules, {Rate(done, started):N0} a second, {broken} broken");
            }

            return broken < MostBroken;
        }, cancellation);

        Console.WriteLine();
        CoverageTable.Write(coverage, Console.Out);
        Console.WriteLine();
        Console.WriteLine(
            $"{done:N0} schedules from seed {seed} in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s ({Rate(done, started):N0} a "
                + "second): "
            + $"{broken} broke a guarantee.");
        return broken == 0 && done > 0 ? 0 : 1;
    }

    private static double Rate(long done, long started) => done / Stopwatch.GetElapsedTime(started).TotalSeconds;
}
