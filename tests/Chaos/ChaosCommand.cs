using System.CommandLine;
using LeadSync.Chaos.Faults;
using LeadSync.DevStack.Processes;

namespace LeadSync.Chaos;

/// <summary><c>./leadsync chaos</c>: strikes faults, and reports whether anything was lost.</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes")
        {
            Description = "how long faults strike; every kind strikes once in any case", DefaultValueFactory = _ => 10
        };
        var seed = new Option<int>("--seed")
        {
            Description = "decides which fault strikes when, and what is edited", DefaultValueFactory = _ => 1
        };
        var quick = new Option<bool>("--short") { Description = "each kind once, with short pauses, as the test suite does it" };
        var kinds = new Option<int?>("--kinds")
        {
            Description = "how many kinds of fault strike, which the seed chooses; all of them when left out"
        };
        kinds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } given && (given < 1 || given > Fault.All.Count))
                result.AddError($"--kinds has to be from 1 to {Fault.All.Count}.");
        });
        var rate = new Option<int>("--rate")
        {
            Description = "changes in the simulated Zoho a second, at most 500", DefaultValueFactory = _ => ChaosOptions.UsualRate
        };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 500)
                result.AddError("--rate has to be from 1 to 500.");
        });
        var command = new Command(
            "chaos", "Kill, pause, cut and wipe services and servers while leads change, and report whether anything was lost.") 
        {
            minutes, seed, quick, kinds, rate,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            (parsed.GetValue(quick)
                ? ChaosOptions.Short(parsed.GetValue(seed))
                : new ChaosOptions(
                    parsed.GetValue(seed), TimeSpan.FromMinutes(parsed.GetValue(minutes)))) with
            {
                Kinds = parsed.GetValue(kinds), EditsPerSecond = parsed.GetValue(rate),
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ChaosOptions options, CancellationToken cancellationToken)
    {
        await using var run = await RunDirectory.BeginAsync("chaos");
        var report = await ChaosRun.RunAsync(options, run, Console.WriteLine, cancellationToken);
        Console.WriteLine($"\n{report}");
        return report.IsGood ? 0 : 1;
    }
}
