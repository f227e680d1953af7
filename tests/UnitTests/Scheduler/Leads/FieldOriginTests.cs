using LeadSync.Scheduler.Leads;

namespace LeadSync.UnitTests.Scheduler.Leads;

/// <summary>Which event gave a field its present value.</summary>
public sealed class FieldOriginTests
{
    private static readonly DateTimeOffset Start = new(2026, 8, 15, 14, 0, 0, TimeSpan.Zero);

    [Fact]
    public void the_last_event_that_changed_the_value_set_it() =>
        Of((10, "A"), (20, "B"), (30, "B"), (40, "B")).ShouldBe((2, "B", "A", 2));

    [Fact]
    public void a_value_that_came_back_was_set_when_it_came_back() => Of((10, "A"), (20, "B"), (30, "A")).ShouldBe((3, "A", "B", 3));

    [Fact]
    public void a_late_event_set_nothing() => Of((10, "A"), (30, "B"), (20, "too late")).ShouldBe((2, "B", "A", 2));

    [Fact]
    public void of_two_edits_within_a_second_the_later_recorded_counts() => Of((10, "A"), (10, "B")).ShouldBe((2, "B", "A", 2));

    [Fact]
    public void a_removed_value_was_set_to_nothing() => Of((10, "A"), (20, null)).ShouldBe((2, null, "A", 2));

    [Fact]
    public void a_field_that_never_had_a_value_was_set_by_nothing()
    {
        Of((10, null), (20, null)).ShouldBe((null, null, null, 0));
        Of().ShouldBeNull();
    }

    private static (long? SetBy, string? Value, string? Before, int Changes)? Of(params (int Second, string? Value)[] seen) =>
        FieldOrigin.Of(
            seen.Select((one, at) => new FieldValueSeen(at + 1, Start.AddSeconds(one.Second), Start.AddSeconds(one.Second), one.Value)));
}
