using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Dials;

/// <summary>
/// What people do in Zoho. As many leads are created as go, and few at a time go: a comparison that misses more is held back.
/// </summary>
internal static class WorkInZoho
{
    /// <summary>Everything that notifications tell of.</summary>
    public static async Task Everyday(RunningSync sync)
    {
        await sync.Change("create", new { count = 5 });
        await sync.Change("edit", new { count = 6 });
        var deleted = await sync.Change("delete", new { count = 3 });
        await sync.Change("purge", new { ids = deleted[..1] });
        await sync.Change("convert", new { count = 1 });
        await sync.Change("merge", new { count = 3 });
        await sync.Change("mass-update", new { count = 8 });
        await sync.Change("touch-related", new { count = 2 });
    }

    /// <summary>
    /// Also what only a comparison shows: a lead that is restored, and values that change, without a word and without a new Modified_Time.
    /// Not in a rich text, whose value a page does not tell.
    /// </summary>
    public static async Task AndInSilence(RunningSync sync)
    {
        await Everyday(sync);
        await sync.Change("restore", new { count = 1, announce = "None", moveModifiedTime = false });
        await sync.Change(
            "edit",
            new { count = 5, announce = "None", moveModifiedTime = false, values = new { City = "In silence", Annual_Revenue = 4321 } });
        await sync.UntilNothingIsFresh();
    }

    /// <summary>Everyday work, and one deleted lead that is restored as the dials say.</summary>
    public static async Task AndRestore(RunningSync sync)
    {
        await Everyday(sync);
        await sync.Change("restore", new { count = 1 });
    }

    /// <summary>Texts that lists and single reads may cut.</summary>
    public static Task LongTexts(RunningSync sync) =>
        sync.Change(
            "edit", new { count = 3, values = new { Description = string.Concat(Enumerable.Range(0, 500).Select(word => $"{word} ")) } });

    /// <summary>Zoho lists the newest two hundred; a comparison finds the rest.</summary>
    public static async Task MoreDeletionsThanCanBeListed(RunningSync sync)
    {
        await sync.Change("create", new { count = 205 });
        await Truth.ShouldBeTheView(sync);
        await sync.Change("delete", new { count = 205, announce = "None" });
        await sync.CatchUp();
    }
}
