using LeadSync.IntegrationTests.Sync;

namespace LeadSync.IntegrationTests.Dials;

/// <summary>
/// People's changes in Zoho. They create as many leads as they delete, and delete few at a time, because LeadSync holds back a comparison
/// that misses more.
/// </summary>
internal static class WorkInZoho
{
    /// <summary>Every change that Zoho announces.</summary>
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
    /// Also changes that only a comparison finds: a restored lead, and values that change without a notification and a new Modified_Time.
    /// Rich texts do not change, because a page leaves them unknown.
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

    /// <summary>Announced changes, and one deleted lead that is restored as the dials say.</summary>
    public static async Task AndRestore(RunningSync sync)
    {
        await Everyday(sync);
        await sync.Change("restore", new { count = 1 });
    }

    /// <summary>Edits texts that lists and single reads may cut.</summary>
    public static async Task LongTexts(RunningSync sync)
    {
        var last = await sync.Value("select coalesce(max(seq_id), 0) from projector.mt_events");
        var ids = await sync.Change(
            "edit", new { count = 3, values = new { Description = string.Concat(Enumerable.Range(0, 500).Select(word => $"{word} ")) } });
        await RunningSync.Until("the leads were read", async () => Equals(await sync.Value(
            "select count(distinct stream_id) from projector.mt_events where seq_id > $1 and substr(stream_id, 6) = any($2)", last!, ids),
            (long)ids.Length));
        // A later export fills in what a single read leaves open.
        await sync.UntilNothingIsFresh();
    }

    /// <summary>Deletes more leads than Zoho's list of deleted leads shows; a comparison finds the others.</summary>
    public static async Task MoreDeletionsThanCanBeListed(RunningSync sync)
    {
        await sync.Change("create", new { count = 205 });
        await Truth.ShouldBeTheView(sync);
        await sync.Change("delete", new { count = 205, announce = "None" });
        await sync.CatchUp();
    }
}
