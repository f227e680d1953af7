using System.Diagnostics;
using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;

namespace LeadSync.UnitTests.Projector.Leads;

/// <summary>What the projector makes of a lead that the gateway read.</summary>
public sealed class LeadObservationTests
{
    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 8, 15, 14, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456);

    private static readonly FieldSet Fields = new(
        Position: 7, [.. new[] { "Age", "City", "Name", "Size" }.Select(name => new SyncedField(
            new LeadField(name, name is "Age" or "Size" ? FieldType.Integer : FieldType.Text),
            new Column(name, name is "Age" ? FieldType.Integer : FieldType.Text)))]);

    [Fact]
    public void an_observation_holds_the_values_and_names_what_is_missing_and_what_does_not_fit()
    {
        var observed = Of(("Age", "old"), ("Name", "a\r\nb"), ("Size", ""), ("Unknown", "x"));

        observed.Content!.Fields.ShouldBe(new Dictionary<string, string?> { ["Name"] = "a\nb" });
        observed.Content.Hash.ShouldBe(ContentHash.Of(observed.Content.Fields!));
        observed.Missing.ShouldBe(["City"]);
        observed.Misfits.ShouldHaveSingleItem().ShouldBe(new Misfit("Age", "Age does not hold a value of type Integer."));
        (observed.Absence, observed.FieldSet, observed.Source).ShouldBe((null, 7, Source.CatchUp));
    }

    [Fact]
    public void times_are_as_exact_as_postgresql_keeps_them()
    {
        var seen = Of(("Name", "a"));
        (seen.ObservedAt, seen.Content!.ModifiedTime).ShouldBe((At, At));

        var gone = LeadObservation.Of(new("1", Source.CatchUp, At.AddTicks(9), null, At.AddTicks(8)), Fields, default);
        (gone.ObservedAt, gone.Absence).ShouldBe((At, new Absence(At, At)));
    }

    [Fact]
    public void a_lead_that_is_gone_was_deleted_when_zoho_says_so_or_when_it_was_found_gone()
    {
        LeadChanged change = new("1", Source.CatchUp, At, null, At.AddHours(-1));
        LeadObservation.Of(change, null, default).Absence.ShouldBe(new Absence(At, At.AddHours(-1)));
        LeadObservation.Of(change with { DeletedAt = null }, null, default).Absence.ShouldBe(new Absence(At, At));
    }

    [Fact]
    public void an_observation_carries_its_trace_if_there_is_one()
    {
        var trace = new ActivityContext(
            ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"), ActivitySpanId.CreateFromString("b7ad6b7169203331"),
            ActivityTraceFlags.Recorded);
        LeadObservation.Traceparent(trace).ShouldBe("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        LeadObservation.Traceparent(default).ShouldBeNull();
    }

    [Fact]
    public void what_an_answer_lacks_is_completed_by_what_is_known_and_nothing_else()
    {
        var observed = Of(("Name", "new"));
        var known = new Dictionary<string, string?> { ["Name"] = "old", ["City"] = "Bern", ["Size"] = null };

        var completed = observed.Complete(["Name", "City", "Size", "Age"], known).Content!;
        completed.Fields.ShouldBe(new Dictionary<string, string?> { ["Name"] = "new", ["City"] = "Bern" }, ignoreOrder: true);
        completed.Hash.ShouldBe(ContentHash.Of(completed.Fields!));
        observed.Complete(["City"], null).ShouldBeSameAs(observed);
        observed.Complete([], known).ShouldBeSameAs(observed);
        var gone = LeadObservation.Of(new("1", Source.CatchUp, At, null), null, default);
        gone.Complete(["City"], known).ShouldBeSameAs(gone);
    }

    [Fact]
    public void a_fingerprint_tells_names_and_values_apart_and_neither_empty_fields_nor_their_succession()
    {
        var one = ContentHash.Of(new Dictionary<string, string?> { ["A"] = "b", ["C"] = "d" });
        one.ShouldBe(ContentHash.Of(new Dictionary<string, string?> { ["C"] = "d", ["B"] = "", ["A"] = "b", ["D"] = null }));
        ContentHash.Of(new Dictionary<string, string?> { ["A"] = "bC", ["d"] = "x" })
            .ShouldNotBe(ContentHash.Of(new Dictionary<string, string?> { ["Ab"] = "C", ["d"] = "x" }));
        ContentHash.Of(new Dictionary<string, string?> { ["A"] = "bC", ["d"] = "x" })
            .ShouldNotBe(ContentHash.Of(new Dictionary<string, string?> { ["A"] = "b", ["Cd"] = "x" }));
        one.ShouldBe(new Guid("fb9bf07f-1476-d33f-56c4-7152f2f213c8"), "stored fingerprints stay comparable");
    }

    private static LeadObservation Of(params (string Name, string? Value)[] values) => LeadObservation.Of(
        new("1", Source.CatchUp, At.AddTicks(9), new(At.AddTicks(1), "f1", values.ToDictionary(value => value.Name, value => value.Value))),
        Fields, default);
}
