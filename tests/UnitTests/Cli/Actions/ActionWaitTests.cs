using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Cli.Actions;
using LeadSync.Cli.Sync;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Status;
using LeadSync.UnitTests.Scheduler;

namespace LeadSync.UnitTests.Cli.Actions;

/// <summary>What a command that waits says, from the scheduler's own answer.</summary>
public sealed class ActionWaitTests
{
    // As the scheduler writes its answers.
    private static readonly JsonSerializerOptions Written = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    [Fact]
    public void a_comparison_that_waits_for_another_bulk_read_does_not_report_the_progress_of_that_read()
    {
        var sync = new PlannedSync();
        sync.Hear(new LeadershipTaken(sync.Now)).Subscribe().Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(), new FullComparisonRequested(sync.Now));
        Progress(sync).ShouldBe("The comparison has not begun: the first read of every lead comes first.");

        sync = PlannedSync.InSync();
        sync.Hear(new FullComparisonRequested(sync.Now)).Tick();
        sync.Hear(new FullComparisonRequested(sync.Now));
        Progress(sync).ShouldBe("The comparison has not begun: another bulk read is under way.");
    }

    [Fact]
    public void a_comparison_reports_its_progress_until_it_has_ended()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new FullComparisonRequested(sync.Now)).Tick();
        Progress(sync).ShouldBe("Comparing: Zoho is preparing the first page");

        sync.Hear(sync.JobCreated(), sync.PageReady());
        Progress(sync).ShouldBe("Comparing: 0 of 1,000 rows");

        sync.Hear(sync.PageProjected());
        Progress(sync).ShouldBe("Comparing: every lead is read");
    }

    private static string Progress(PlannedSync sync)
    {
        var report = StatusReport.Of(sync.State, sync.Options, sync.Now, new StatusInputs(HasLeader: true));
        return ActionWait.ForComparison.Progress(
            JsonSerializer.Deserialize<SyncStatus>(JsonSerializer.Serialize(report, Written), Answers.Json)!);
    }
}
