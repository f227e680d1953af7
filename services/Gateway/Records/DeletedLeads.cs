using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Records;

/// <summary>
/// Zoho's list of deleted records. Zoho gives it only page by page, by number. A lead that is restored meanwhile moves those behind it to
/// the page before. So the pages are read a second time, from the last to the first, as in <see cref="CatchUps.ModifiedLeads"/>.
/// </summary>
/// <param name="Times">When each lead was deleted, by id, if Zoho says so.</param>
/// <param name="IsComplete">False when the list is longer than Zoho lets anybody read.</param>
internal sealed record DeletedLeads(IReadOnlyDictionary<string, DateTimeOffset?> Times, bool IsComplete)
{
    // Zoho does not say how deep the list can be read; lists of records end at 2,000. Two jobs delete a hundred thousand leads.
    private const int MaximumPages = 500;

    /// <param name="since">Deleted about then or later; null for the whole list.</param>
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
