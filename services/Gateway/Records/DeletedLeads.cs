using LeadSync.Gateway.Zoho.Apis;
using LeadSync.Gateway.Zoho.Calls;

namespace LeadSync.Gateway.Records;

/// <summary>
/// Zoho's list of deleted records. Zoho shows it only in pages with numbers. A lead that is restored meanwhile moves those behind it to
/// the page before. So the pages are read a second time, from the last to the first, as in <see cref="CatchUps.ModifiedLeads"/>.
/// </summary>
/// <param name="Times">When each lead was deleted, by id, if Zoho says so.</param>
/// <param name="IsComplete">False when there may be more deleted leads than those that were read.</param>
internal sealed record DeletedLeads(IReadOnlyDictionary<string, DateTimeOffset?> Times, bool IsComplete)
{
    // Zoho does not say how deep the list can be read; lists of records end after 2,000 rows. That many pages show the leads of two
    // mass deletions, 50,000 each.
    private const int MaximumPages = 500;

    // A wanted lead that the list does not show can be read alone for one credit, which is the price of a page.
    private const int MinimumPagesForWanted = 10;

    /// <param name="since">Deleted about then or later; null for the whole list.</param>
    /// <param name="wanted">Reading ends when all of these are found, or when looking further costs more than reading each alone; null
    /// reads the whole list.</param>
    public static async Task<DeletedLeads> Read(
        IRecordsApi zoho, DateTimeOffset? since, IReadOnlyCollection<string>? wanted, Lane lane, CancellationToken ct)
    {
        var times = new Dictionary<string, DateTimeOffset?>();
        var pages = wanted is null ? MaximumPages : Math.Clamp(wanted.Count, MinimumPagesForWanted, MaximumPages);
        for (var number = 1; number <= pages; number++)
        {
            if (await Page(zoho, since, number, lane, ct) is not { } page)
                break;

            Add(times, page);
            if (wanted?.All(times.ContainsKey) == true)
                return new DeletedLeads(times, IsComplete: true);
            if (!page.More)
                return new DeletedLeads(times, await ReadAgain(zoho, since, number, page, times, lane, ct));
        }

        return new DeletedLeads(times, IsComplete: false);
    }

    /// <summary>Reads the pages before the last one again. An empty page after a page with <c>more_records</c> does not end the list: Zoho
    /// hides the rest. If the list has only become shorter, the page before no longer says <c>more_records</c>.</summary>
    /// <returns>Whether the list was read to its end.</returns>
    private static async Task<bool> ReadAgain(
        IRecordsApi zoho, DateTimeOffset? since, int number, DeletedPage last, Dictionary<string, DateTimeOffset?> times, Lane lane,
        CancellationToken ct)
    {
        var isComplete = true;
        for (var back = number - 1; back >= 1; back--)
        {
            if (await Page(zoho, since, back, lane, ct) is not { } page)
                return false;

            Add(times, page);
            isComplete &= last.Leads.Count > 0 || !page.More;
            last = page;
        }

        return isComplete;
    }

    /// <returns>Null when Zoho refuses a page for good. Zoho does not say with which error it refuses one that is too deep.</returns>
    private static async Task<DeletedPage?> Page(IRecordsApi zoho, DateTimeOffset? since, int number, Lane lane, CancellationToken ct)
    {
        try
        {
            return await zoho.ListDeleted(since, number, lane, ct);
        }
        catch (ZohoException e)
            when (number > 1 && e.Kind is ZohoErrorKind.Rejected or ZohoErrorKind.Permission or ZohoErrorKind.NotFound)
        {
            return null;
        }
    }

    // A lead that was restored and deleted again is listed twice: the later deletion counts.
    private static void Add(Dictionary<string, DateTimeOffset?> times, DeletedPage page)
    {
        foreach (var lead in page.Leads)
        {
            if (!times.TryGetValue(lead.Id, out var known) || known is null || lead.DeletedTime > known)
                times[lead.Id] = lead.DeletedTime ?? known;
        }
    }
}
