using LeadSync.DevStack;
using LeadSync.DevStack.Processes;
using LeadSync.TestSupport;

namespace LeadSync.Chaos.Tests;

public sealed class EveryFaultTests
{
    [Fact(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    public async Task nothing_is_lost_and_nothing_unexpected_happens_whatever_is_killed_paused_cut_or_wiped()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var run = await RunDirectory.BeginAsync("chaos-tests");
        try
        {
            var report = await ChaosRun.RunAsync(ChaosOptions.Short(seed: 1), run, Console.WriteLine, stop);

            report.IsGood.ShouldBeTrue($"\n{report}");
        }
        catch (MissingProgramException e)
        {
            // The run cannot kill and pause a server in a container.
            Assert.Skip(e.Message);
        }
    }
}
