using LeadSync.Simulation.Mutants;

namespace LeadSync.Simulation.Proof;

/// <summary>One schedule, step by step.</summary>
internal static class Replay
{
    public static int Run(ulong seed, Seams seams)
    {
        var trace = new List<string>();
        var violation = Schedule.Run(seed, seams, trace).Violation;
        foreach (var line in trace)
            Console.WriteLine(line);
        Console.WriteLine(
            violation is null ? $"Seed {seed}: every guarantee held." : $"Seed {seed} breaks: {violation.Guarantee}. {violation.Text}");
        return violation is null ? 0 : 1;
    }
}
