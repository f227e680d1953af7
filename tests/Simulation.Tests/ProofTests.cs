namespace LeadSync.Simulation.Tests;

/// <summary>Guarantees: all of them, through random schedules of failures; and that the simulation would notice if one did not hold.</summary>
public sealed class ProofTests
{
    private const int Schedules = 20_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void every_guarantee_holds_whatever_happens()
    {
        var broken = Proof.Schedules.First(seed: 1, Schedules, Environment.ProcessorCount, new Seams(), Stop);

        broken.ShouldBeNull(broken is { } found ? $"{found.Violation}\nReplay it with: ./leadsync prove --seed {found.Seed} --trace" : null);
    }

    [Theory]
    [MemberData(nameof(Mutants))]
    public void every_deliberately_broken_variant_is_found(string name)
    {
        var mutant = Mutant.All.Single(mutant => mutant.Name == name);

        Proof.Schedules.First(seed: 1, mutant.Within, Environment.ProcessorCount, mutant.Seams, Stop).ShouldNotBeNull();
    }

    [Fact]
    public void a_seed_is_all_there_is_to_know_about_a_schedule()
    {
        List<string> once = [], again = [];
        Schedule.Run(7, new Seams(), once);
        Schedule.Run(7, new Seams(), again);

        again.ShouldBe(once);
    }

    public static TheoryData<string> Mutants() => [.. Mutant.All.Select(mutant => mutant.Name)];
}
