using LeadSync.Scheduler.Leads;

namespace LeadSync.UnitTests.Scheduler.Leads;

public sealed class LeadTimelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void each_step_shows_what_it_changed_the_newest_first()
    {
        var steps = Timeline(Seen(1, 0, ("Company", "Acme"), ("City", "Graz")), Seen(2, 10, ("Company", "Acme Ltd"), ("Phone", "1")));

        steps.Select(step => (step.Version, step.Effect)).ShouldBe([(2, "changed"), (1, "added")]);
        steps[0].Changes.ShouldBe([new("City", "Graz", null), new("Company", "Acme", "Acme Ltd"), new("Phone", null, "1")]);
        steps[0].DelaySeconds.ShouldBe(1);
    }

    [Fact]
    public void a_late_event_changed_nothing()
    {
        var steps = Timeline(Seen(1, 10, ("City", "Graz")), Seen(2, 5, ("City", "Linz")), Seen(3, 20, ("City", "Wien")));

        steps.Select(step => step.Effect).ShouldBe(["changed", "nothing", "added"]);
        steps[1].Changes.ShouldBeEmpty();
        steps[0].Changes.ShouldBe([new("City", "Graz", "Wien")]);
    }

    [Fact]
    public void a_lead_that_is_deleted_and_restored_leaves_and_comes_back()
    {
        var steps = Timeline(
            Seen(1, 0, ("City", "Graz")), Gone(2, 10), Seen(3, 0, ("City", "Graz")) with { ObservedAt = Start.AddSeconds(20) });

        steps.Select(step => step.Effect).ShouldBe(["returned", "removed", "added"]);
    }

    [Fact]
    public void a_page_of_a_timeline_continues_from_the_state_before_it()
    {
        LeadEvent[] all = [.. Enumerable.Range(1, 30).Select(i => Seen(i, i, ("Score", $"{i}")))];
        var whole = Timeline(all);

        var before = all[..20].Aggregate(LeadState.Unknown, (state, e) => state.After(e));
        var page = LeadTimeline.Of(before, all[20..], _ => null);

        page.Select(step => step.Changes.Single()).ShouldBe(whole.Take(10).Select(step => step.Changes.Single()));
    }

    private static IReadOnlyList<LeadStep> Timeline(params LeadEvent[] events) => LeadTimeline.Of(LeadState.Unknown, events, _ => null);

    private static LeadEvent Seen(long version, double modified, params (string Name, string? Value)[] fields) => new(
        version, "lead_seen", "Notification", Start.AddSeconds(modified), Start.AddSeconds(modified), null, null,
        Start.AddSeconds(modified + 1), null,
        fields.ToDictionary(field => field.Name, field => field.Value));

    private static LeadEvent Gone(long version, double at) => new(
        version, "lead_gone", "Notification", null, Start.AddSeconds(at), Start.AddSeconds(at), Start.AddSeconds(at),
        Start.AddSeconds(at + 1), null, null);
}
