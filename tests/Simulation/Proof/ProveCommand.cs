using System.CommandLine;
using LeadSync.Simulation.Mutants;

namespace LeadSync.Simulation.Proof;

/// <summary><c>./leadsync prove</c>.</summary>
internal static class ProveCommand
{
    public static Command Create()
    {
        var schedules = new Option<long>("--schedules") { Description = "How many schedules to run", DefaultValueFactory = _ => 100_000 };
        var seed = new Option<ulong>("--seed")
        {
            Description = "The first schedule's seed; the others follow", DefaultValueFactory = _ => 1
        };
        var parallel = new Option<int>("--parallel")
        {
            Description = "How many run at the same time", DefaultValueFactory = _ => Environment.ProcessorCount
        };
        var mutants = new Option<bool>("--mutants") { Description = "Show how fast every deliberately broken variant is found" };
        var starts = new Option<int>("--starts")
        {
            Description = "With --mutants: from how many seeds each is looked for", DefaultValueFactory = _ => 30
        };
        var trace = new Option<bool>("--trace") { Description = "Run the seed's schedule alone and print every step" };
        var only = new Option<string?>("--mutant")
        {
            Description = "Run the schedules with this variant, by its name; with --mutants, show it alone"
        };
        var command = new Command(
            "prove", "Prove that the view converges whatever happens: the services, run through random schedules of failures.")
        {
            schedules, seed, parallel, mutants, starts, trace, only,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var mutant = parsed.GetValue(only) is { } name ? Mutant.All.First(mutant => mutant.Name == name) : null;
            var seams = mutant?.Seams ?? new Seams();
            if (parsed.GetValue(trace))
                return Replay.Run(parsed.GetValue(seed), seams);

            var (first, threads) = (parsed.GetValue(seed), parsed.GetValue(parallel));
            return parsed.GetValue(mutants)
                ? MutantTable.Run(mutant is null ? Mutant.All : [mutant], first, parsed.GetValue(starts), threads, cancellation)
                : Run.Of(first, parsed.GetValue(schedules), threads, seams, cancellation);
        }, cancellation));
        return command;
    }
}
