namespace LeadSync.IntegrationTests.Sync;

/// <summary>Exports and answers write the same values in different forms: after comparisons without end the view is what Zoho shows, and nothing was written.</summary>
public sealed class EitherWayTests(SharedServers shared)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Stored", "Shown", "Cut")]
    [InlineData("Shown", "Stored", "WithoutMarks")]
    public async Task forms_that_differ_write_no_event_and_the_view_neither_flips_nor_loses(string bulkPicklists, string jsonPicklists, string richTexts)
    {
        await using var sync = await RunningSync.StartAsync(shared, leads: 200,
            ("Simulator__BulkPicklists", bulkPicklists), ("Simulator__JsonPicklists", jsonPicklists), ("Simulator__BulkRichTexts", richTexts),
            ("Simulator__BulkLineEnds", "CrLf"), ("Simulator__BulkBlank", " "), ("Simulator__BulkBooleans", "Yes,No"), ("Simulator__BulkNumbersAreMarked", "true"),
            ("Simulator__BulkNames", "layout,territories,lookup,userlookup"), ("Simulator__BulkMultiSelectSeparator", ","));
        await sync.InSync();
        await Truth.ShouldBeTheView(sync);
        await sync.Change("edit", new { count = 20 });
        await Truth.ShouldBeTheView(sync);
        await Compare(sync);
        var events = await Events(sync);

        for (var turn = 0; turn < 3; turn++)
            await Compare(sync);

        (await Events(sync)).ShouldBe(events);
        await Truth.ShouldBeTheView(sync);
    }

    private static async Task Compare(RunningSync sync)
    {
        var before = await Compared(sync);
        await sync.Scheduler.PostAsync("/full-comparison", null, Stop);
        await RunningSync.Until("a comparison has ended", async () => await Compared(sync) != before);
        await sync.InSync();
    }

    private static async Task<string> Compared(RunningSync sync) =>
        $"{(await sync.Status()).GetProperty("fullComparison").GetProperty("lastCompared")}";

    private static async Task<object?> Events(RunningSync sync) => await sync.Value("select count(*) from projector.mt_events");
}
