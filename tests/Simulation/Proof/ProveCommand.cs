using System.CommandLine;

namespace LeadSync.Simulation.Proof;

/// <summary><c>./leadsync prove</c>.</summary>
internal static class ProveCommand
{
    public static Command Create()
    {
        var schedules = new Option<long>("--schedules") { Description = "How many schedules to run", DefaultValueFactory = _ => 100_000 };
        var seed = new Option<ulong>("--seed") { Description = "The first schedule's seed; the others follow", DefaultValueFactory = _ => 1 };
        var parallel = new Option<int>("--parallel") { Description = "How many run at the same time", DefaultValueFactory = _ => Environment.ProcessorCount };
        var mutants = new Option<bool>("--mutants") { Description = "Show that every deliberately broken variant is found" };
        var trace = new Option<bool>("--trace") { Description = "Run the seed's schedule alone and print every step" };
        var only = new Option<string?>("--mutant") { Description = "Run the schedules with this variant, by its name" };
        var command = new Command("prove", "Prove that the view converges whatever happens: the services' decisions, run through random schedules of failures.")
        {
            schedules, seed, parallel, mutants, trace, only,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var seams = parsed.GetValue(only) is { } name ? Mutant.All.First(mutant => mutant.Name == name).Seams : new Seams();
            if (parsed.GetValue(trace))
                return Replay.Run(parsed.GetValue(seed), seams);

            return parsed.GetValue(mutants)
                ? MutantTable.Run(parsed.GetValue(seed), parsed.GetValue(parallel), cancellation)
                : Schedules.Run(parsed.GetValue(seed), parsed.GetValue(schedules), parsed.GetValue(parallel), seams, cancellation);
        }, cancellation));
        return command;
    }
}
