using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using LeadSync.Simulation.Mutants;
using LeadSync.Simulation.Proof;
using LeadSync.TestSupport;

namespace LeadSync.Simulation.Tests;

/// <summary>
/// Every guarantee holds in random schedules of failures, and the simulation notices when one does not.
/// </summary>
public sealed class ProofTests(ProvenSchedules schedules) : IClassFixture<ProvenSchedules>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void every_guarantee_holds_whatever_happens() =>
        schedules.Broken.ShouldBeNull(schedules.Broken is { } found
            ? $"{found.Violation}\nReplay it with: ./leadsync prove --seed {found.Seed} --trace"
            : null);

    [Fact]
    public void everything_that_can_fail_has_failed() =>
        Coverage.Disturbances.Where(one => Coverage.Activities.Sum(activity => schedules.Coverage[one, activity]) == 0).ShouldBeEmpty();

    // The short form has too few schedules for the rarest pairs.
    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public void everything_that_can_fail_has_failed_in_every_phase() =>
        CoverageTable.Unexplained(schedules.Coverage).ShouldBeEmpty("say in CoverageTable why it cannot strike, or make it strike");

    [Theory]
    [MemberData(nameof(Mutants))]
    public void every_deliberately_broken_variant_is_found(string name)
    {
        var mutant = Mutant.All.Single(mutant => mutant.Name == name);

        Schedules.First(seed: 1, mutant.Within, Environment.ProcessorCount, mutant.Seams, Stop).ShouldNotBeNull();
    }

    [Fact]
    public void the_document_lists_every_variant_with_its_limit()
    {
        var document = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../docs/proof.md"));

        Mutant.All.Select(mutant => $@"^\| {Regex.Escape(mutant.Name)} \| [^|]+ \| [^|]+ \| {mutant.Within:N0} \|")
            .Where(row => !Regex.IsMatch(document, row, RegexOptions.Multiline))
            .ShouldBeEmpty("write the output of ./leadsync prove --mutants into docs/proof.md");
    }

    [Fact]
    public void a_seed_alone_determines_a_schedule()
    {
        List<string> once = [], again = [];
        Schedule.Run(7, new Seams(), once);
        Schedule.Run(7, new Seams(), again);

        again.ShouldBe(once);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    // The short form leaves out the mutants that may take thousands of schedules to find.
    public static TheoryData<string> Mutants() =>
        [.. Mutant.All.Where(mutant => TestForm.IsLong || mutant.Within <= 2_000).Select(mutant => mutant.Name)];
}

/// <summary>
/// Half of the schedules are the same every time, and half change every day. The long form of the tests has more.
/// </summary>
public sealed class ProvenSchedules
{
    private static readonly int EachHalf = TestForm.IsLong ? 10_000 : 1_500;

    public ProvenSchedules()
    {
        var day = TimeProvider.System.GetUtcNow();
        Run(first: 1, "the same every time");
        Run(Schedules.FirstOf(day), $"those of {day:yyyy-MM-dd}");
    }

    internal Coverage Coverage { get; } = new();

    internal (ulong Seed, Violation Violation)? Broken { get; private set; }

    private void Run(ulong first, string which)
    {
        var started = Stopwatch.GetTimestamp();
        Schedules.Each(first, EachHalf, Environment.ProcessorCount, new Seams(), (seed, outcome) =>
        {
            Coverage.Add(outcome.Coverage);
            if (outcome.Violation is { } violation)
                Broken ??= (seed, violation);
            return Broken is null;
        }, TestContext.Current.CancellationToken);
        Console.WriteLine(
            $"Simulation: seeds {first} to {first + (ulong)EachHalf - 1}, {which}, "
                + $"in {Stopwatch.GetElapsedTime(started).TotalSeconds:N0} s.");
    }
}
