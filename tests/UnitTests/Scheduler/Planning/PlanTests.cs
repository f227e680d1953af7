using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSync.Contracts;
using LeadSync.Scheduler.Planning;
using LeadSync.Scheduler.Recording;

namespace LeadSync.UnitTests.Scheduler.Planning;

public sealed class PlanTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void a_tick_that_has_nothing_to_do_records_nothing()
    {
        var sync = PlannedSync.InSync();
        var step = Plan.Next(sync.State, sync.Options, sync.Now + TimeSpan.FromMinutes(1));
        step.Decisions.ShouldBeEmpty();
        step.Commands.ShouldBeEmpty();
    }

    [Fact]
    public void everything_that_the_plan_may_record_has_a_stored_name()
    {
        var decided = Convertible(typeof(Decision));
        var sent = Convertible(typeof(Dispatch)).Select(pair => pair.GetGenericArguments()[1]);

        decided.Concat(sent).Except(StoredEvents.Types.Values).ShouldBeEmpty();

        static IEnumerable<Type> Convertible(Type type) => type.GetMethods().Where(method => method.Name == "op_Implicit")
            .Select(method => method.GetParameters().Single().ParameterType);
    }

    [Fact]
    public void a_command_that_was_sent_but_not_recorded_is_sent_again_as_it_was()
    {
        var sync = new PlannedSync().Subscribe();
        var step = Plan.Next(sync.State, sync.Options, sync.Now);
        sync.Hear(step.Events);
        Sent(Plan.Next(sync.State, sync.Options, sync.Now + Second)).ShouldBe(Sent(step));

        // Only the expiry of the command counts from the time when it is sent.
        static IEnumerable<object> Sent(Step step) =>
            step.Commands.Select(dispatch => (StartBulkRead)dispatch.Command with { NotAfter = null });
    }

    [Fact]
    public void an_answer_that_comes_before_its_command_is_recorded_counts()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Hear(Plan.Next(sync.State, sync.Options, sync.Now).Events);
        sync.Hear(sync.JobCreated());
        sync.SecondsOf<StartBulkRead>(TimeSpan.FromMinutes(2)).ShouldBeEmpty();
    }

    [Fact]
    public void while_paused_nothing_is_started_but_the_channel_is_kept()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new FullComparisonRequested(sync.Now)).TickAfter(Second);
        sync.Hear(sync.JobCreated(), sync.PageReady(more: true), sync.PageProjected());
        sync.Hear(new SyncPaused(sync.Now), new CatchUpRequested(sync.Now), new FullComparisonRequested(sync.Now));

        var sent = Enumerable.Range(0, 25).SelectMany(_ => sync.TickAfter(TimeSpan.FromHours(1))).ToList();
        sent.ShouldAllBe(command => command is RenewChannel || command is CheckChannel);
        sent.OfType<RenewChannel>().ShouldNotBeEmpty();
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.Paused);

        sync.Hear(new SyncResumed(sync.Now));
        sync.TickAfter(Second).Select(command => command.GetType()).ShouldBe([typeof(StartBulkRead), typeof(CatchUp)]);
    }

    [Fact]
    public void while_paused_nothing_is_compared()
    {
        var sync = new PlannedSync().Subscribe();
        sync.Tick();
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected(), new SyncPaused(sync.Now));
        sync.TickAfter(Second).ShouldBeEmpty();
        sync.Hear(new SyncResumed(sync.Now)).TickAfter(Second).OfType<CompareLeads>().ShouldHaveSingleItem();
    }

    [Fact]
    public void the_phase_says_where_the_sync_is()
    {
        var sync = new PlannedSync();
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.Subscribing);
        sync.Subscribe().Tick();
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.InitialRead);
        sync.Hear(sync.JobCreated(), sync.PageReady(), sync.PageProjected()).Tick();
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.CatchingUp);
        sync.Hear(new CatchUpRead(sync.State.CatchUps.Current!.Id, sync.Now, 0, 0));
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.Comparing);
        sync.Hear(new LeadsCompared(sync.State.Comparison!.RunId, 1000, 0));
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.InSync);
    }

    [Fact]
    public void a_sync_that_catches_up_after_trouble_is_not_in_sync()
    {
        var sync = PlannedSync.InSync();
        sync.Hear(new FullComparisonRequested(sync.Now)).Tick();
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.Comparing);

        sync = PlannedSync.InSync();
        sync.Hear(new CatchUpRequested(sync.Now)).Tick();
        Phases.Of(sync.State, sync.Now).ShouldBe(Phase.InSync, "the catch-up closes no gap");
        var round = sync.State.CatchUps.Current!.Id;
        Phases.Of(SyncState.Apply(sync.State, new CatchUpFailed(round, "Zoho is away.")), sync.Now).ShouldBe(Phase.CatchingUp);
        Phases.Of(SyncState.Apply(sync.State, new CatchUpTooLarge(round, sync.Now)), sync.Now).ShouldBe(Phase.CatchingUp);
    }

    [Fact]
    public void a_phase_has_the_same_words_in_the_status_and_in_the_table()
    {
        var inStatus = new JsonSerializerOptions { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };
        foreach (var phase in Enum.GetValues<Phase>())
            JsonSerializer.Serialize(phase, inStatus).ShouldBe($"\"{phase.Text()}\"");
    }

    [Fact]
    public void the_first_pause_lasts_until_the_sync_is_resumed()
    {
        var sync = PlannedSync.InSync();
        var first = new SyncPaused(sync.Now, "Ann");
        sync.Hear(first, new SyncPaused(sync.Now, "Bob")).State.Pause.ShouldBe(first);
    }

    [Fact]
    public void an_event_of_a_later_version_is_skipped() =>
        SyncState.Apply(SyncState.Empty, new object()).ShouldBe(SyncState.Empty);
}
