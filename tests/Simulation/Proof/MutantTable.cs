namespace LeadSync.Simulation.Proof;

/// <summary>How fast each broken variant is found.</summary>
internal static class MutantTable
{
    public static int Run(ulong seed, int parallel, CancellationToken cancellation)
    {
        var survivors = 0;
        Console.WriteLine($"{"variant",-55} {"found at",8} {"of",7}  guarantee");
        foreach (var mutant in Mutant.All)
        {
            var found = Schedules.First(seed, mutant.Within, parallel, mutant.Seams, cancellation);
            survivors += found is null ? 1 : 0;
            Console.WriteLine(found is { } first
                ? $"{mutant.Name,-55} {first.Seed - seed + 1,8:N0} {mutant.Within,7:N0}  {first.Violation.Guarantee} (seed {first.Seed})"
                : $"{mutant.Name,-55} {"survives",8} {mutant.Within,7:N0}");
        }

        Console.WriteLine($"{Mutant.All.Count - survivors} of {Mutant.All.Count} found.");
        return survivors == 0 ? 0 : 1;
    }
}
