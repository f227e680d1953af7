using System.Text.Json;
using LeadSync.TestSupport;

namespace LeadSync.IntegrationTests.Sync;

/// <summary>
/// Exports and JSON answers write the same values in different forms. Repeated comparisons leave the view as Zoho shows it, and write
/// nothing.
/// </summary>
public sealed class EitherWayTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(SkipUnless = nameof(TestForm.IsLong), SkipType = typeof(TestForm), Skip = TestForm.OnlyLong)]
    [InlineData("Stored", "Shown", "Cut", "Guarded")]
    [InlineData("Shown", "Stored", "WithoutMarks", "Html")]
    public async Task different_forms_of_a_value_write_no_event_and_the_view_keeps_every_value(
        string bulkPicklists, string jsonPicklists, string richTexts, string texts)
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200,
            ("Simulator__BulkPicklists", bulkPicklists), ("Simulator__JsonPicklists", jsonPicklists),
            ("Simulator__BulkRichTexts", richTexts), ("Simulator__BulkTexts", texts),
            ("Simulator__BulkLineEnds", "CrLf"), ("Simulator__BulkBlank", " "), ("Simulator__BulkBooleans", "Yes,No"),
            ("Simulator__BulkNumbersAreMarked", "true"),
            ("Simulator__BulkNames", "layout,territories,lookup,userlookup"), ("Simulator__BulkMultiSelectSeparator", ","));
        await sync.InSync();
        await Truth.ShouldBeTheView(sync);
        await ShouldWriteNothing(sync, comparisons: 3);

        await sync.Change("edit", new { count = 20 });
        await sync.Change("edit", new { count = 5, values = new
        {
            Expected_Close = "1899-12-31", Demo_Held_At = "1969-07-20T20:17:40+00:00", Requirements = "one\r\n=two\n<three>",
            Phone = "+1 & more", Seats = 999_999_999_999_999_999,
        } });
        await Truth.ShouldBeTheView(sync);
        await ShouldWriteNothing(sync, comparisons: 1);
    }

    private static async Task ShouldWriteNothing(RunningSync sync, int comparisons)
    {
        var events = await Events(sync);
        for (var comparison = 0; comparison < comparisons; comparison++)
            await sync.Compare();
        // The gateway reads leads with unknown cells by their ids, after the comparisons.
        await sync.CatchUp();
        await RunningSync.Until("nothing waits to be applied", async () =>
            (await sync.Status()).GetProperty("waiting") is { ValueKind: JsonValueKind.Object } waiting
                && waiting.GetProperty("count").GetInt64() == 0);

        (await Events(sync)).ShouldBe(events);
        await Truth.ShouldBeTheView(sync);
    }

    private static async Task<object?> Events(RunningSync sync) => await sync.Value("select count(*) from projector.mt_events");
}
