using LeadSync.Simulation.Mutants;

namespace LeadSync.Simulation.Proof;

/// <summary>How fast the simulation finds each broken variant, from many independent seeds.</summary>
internal static class MutantTable
{
    private const ulong Apart = 1_000_003;

    public static int Run(IReadOnlyList<Mutant> mutants, ulong seed, int starts, int parallel, CancellationToken cancellation)
    {
        var survivors = 0;
        Console.WriteLine($"{"variant",-62} {"median",7} {"worst",7} {"limit",7}  guarantee");
        foreach (var mutant in mutants)
        {
            var (found, guarantees) = Find(mutant, seed, starts, parallel, cancellation);
            if (cancellation.IsCancellationRequested)
                return 1;

            survivors += found.Count < starts ? 1 : 0;
            var median = found.Count > starts / 2 ? $"{found[starts / 2],7:N0}" : $"{"never",7}";
            var worst = found.Count == starts ? $"{found[^1],7:N0}" : $"{"never",7}";
            Console.WriteLine($"{mutant.Name,-62} {median} {worst} {mutant.Within,7:N0}  {guarantees}");
        }

        Console.WriteLine($"{mutants.Count - survivors} of {mutants.Count} found within their limit from each of {starts} seeds.");
        return survivors == 0 ? 0 : 1;
    }

    private static (List<int> Found, string Guarantees) Find(
        Mutant mutant, ulong seed, int starts, int parallel, CancellationToken cancellation)
    {
        var gate = new Lock();
        var found = new List<int>();
        var guarantees = new Dictionary<string, int>();
        Parallel.For(0, starts, new ParallelOptions { MaxDegreeOfParallelism = parallel }, start =>
        {
            var from = seed + ((ulong)start * Apart);
            if (Schedules.First(from, mutant.Within, parallel: 1, mutant.Seams, cancellation) is not { } first)
                return;

            lock (gate)
            {
                found.Add((int)(first.Seed - from) + 1);
                guarantees[first.Violation.Guarantee] = guarantees.GetValueOrDefault(first.Violation.Guarantee) + 1;
            }
        });
        found.Sort();
        return (found, guarantees.Count == 0 ? "" : guarantees.MaxBy(one => one.Value).Key);
    }
}
