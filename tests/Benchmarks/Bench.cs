using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;

namespace LeadSync.Benchmarks;

/// <summary>The options and servers of a run, which all benchmarks share.</summary>
/// <param name="Rows">Leads in a page.</param>
/// <param name="Repeats">The number of measurements of each figure; the median counts.</param>
/// <param name="Duration">The time for which each live figure is measured.</param>
internal sealed record Bench(LocalInfrastructure Infrastructure, RunDirectory Run, int Rows, int Repeats, TimeSpan Duration, int Seed)
{
    public static void Say(string text) => Console.WriteLine($"  {text}");
}
