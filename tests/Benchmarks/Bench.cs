using LeadSync.DevStack.Infrastructure;
using LeadSync.DevStack.Processes;

namespace LeadSync.Benchmarks;

/// <summary>What all benchmarks of a run share.</summary>
/// <param name="Rows">Leads in a page.</param>
/// <param name="Repeats">How often each is measured; the median counts.</param>
/// <param name="Duration">How long changes are announced for each live figure.</param>
internal sealed record Bench(LocalInfrastructure Infrastructure, RunDirectory Run, int Rows, int Repeats, TimeSpan Duration, int Seed)
{
    public static void Say(string text) => Console.WriteLine($"  {text}");
}
