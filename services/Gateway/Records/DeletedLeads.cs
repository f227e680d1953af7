using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Records;

/// <summary>
/// What Zoho's list of deleted records says. It can only be read page by page, by number, and a lead that is restored meanwhile moves those behind it to
/// the page before; so the pages are read once more from the last to the first, as in <see cref="CatchUps.ModifiedLeads"/>.
/// </summary>
/// <param name="Times">When each was deleted, if Zoho says so, by id.</param>
/// <param name="IsComplete">False when the list is longer than Zoho lets it be read.</param>
internal sealed record DeletedLeads(IReadOnlyDictionary<string, DateTimeOffset?> Times, bool IsComplete)
{
    // Zoho: how deep the list can be read is not said; lists of records end at 2,000. A hundred thousand leads are deleted in two jobs.
    private const int MaximumPages = 500;

    /// <param name="since">Deleted about then or later; null for all that Zoho still lists.</param>
    /// <param name="wanted">Reading ends when all of these are found; null reads the whole list.</param>
    public static async Task<DeletedLeads> Read(
        IRecordsApi zoho, DateTimeOffset? since, IReadOnlyCollection<string>? wanted, Lane lane, CancellationToken ct)
    {
        var times = new Dictionary<string, DateTimeOffset?>();
        for (var number = 1; number <= MaximumPages; number++)
        {
            if (await Page(zoho, since, number, lane, ct) is not { } page)
                break;

            Add(times, page);
            if (wanted?.All(times.ContainsKey) == true)
                return new DeletedLeads(times, IsComplete: true);
            if (page.More)
                continue;

            for (var back = number - 1; back >= 1; back--)
                Add(times, await zoho.ListDeleted(since, back, lane, ct));
            return new DeletedLeads(times, IsComplete: true);
        }

        return new DeletedLeads(times, IsComplete: false);
    }

    private static async Task<DeletedPage?> Page(IRecordsApi zoho, DateTimeOffset? since, int number, Lane lane, CancellationToken ct)
    {
        try
        {
            return await zoho.ListDeleted(since, number, lane, ct);
        }
        catch (ZohoException e) when (e.Kind == ZohoErrorKind.Rejected && number > 1)
        {
            return null;
        }
    }

    // A lead that was restored and deleted again is listed twice: the later deletion holds.
    private static void Add(Dictionary<string, DateTimeOffset?> times, DeletedPage page)
    {
        foreach (var lead in page.Leads)
        {
            if (!times.TryGetValue(lead.Id, out var known) || known is null || lead.DeletedTime > known)
                times[lead.Id] = lead.DeletedTime ?? known;
        }
    }
}
