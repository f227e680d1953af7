using LeadSync.DevStack;
using LeadSync.DevStack.Processes;
using LeadSync.TestSupport;

namespace LeadSync.Chaos.Tests;

public sealed class EveryFaultTests
{
    private const int Handful = 6;

    [Fact]
    public async Task nothing_is_lost_and_nothing_unexpected_happens_whatever_is_killed_paused_cut_or_wiped()
    {
        Assert.SkipUnless(TestForm.IsLong, "Only in the long form, until the aftermaths of the faults have been measured.");
        var stop = TestContext.Current.CancellationToken;
        await using var run = await RunDirectory.BeginAsync("chaos-tests");
        try
        {
            var report = await ChaosRun.RunAsync(Options(), run, Console.WriteLine, stop);

            report.IsGood.ShouldBeTrue($"\n{report}");
        }
        catch (MissingProgramException e)
        {
            // The run cannot kill and pause a server in a container.
            Assert.Skip(e.Message);
        }
    }

    // Other kinds each day.
    private static ChaosOptions Options() => TestForm.IsLong
        ? ChaosOptions.Short(seed: 1)
        : ChaosOptions.Short(seed: DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).DayNumber) with { Kinds = Handful };
}
