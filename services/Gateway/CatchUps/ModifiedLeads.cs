using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;

namespace LeadSync.Gateway.CatchUps;

/// <summary>
/// Lists what was modified since a moment. Zoho's pages by number shift while people work, so a lead could slip between two pages. The list
/// therefore continues from the greatest <c>Modified_Time</c> seen, and uses page numbers only where one second fills more than a page.
/// Those pages are read a second time, from the last to the first. A lead that is modified meanwhile moves to the end of the list, and
/// those behind it move to the page before, which is still to come. For example: pages 1 to 3 are read as 3, 2, 1; a lead of page 1 is
/// modified, and the first lead of page 2 moves to page 1, which is read last.
/// </summary>
/// <param name="Times">When each lead was modified, by id, if Zoho says so.</param>
/// <param name="IsComplete">False when there are more leads than the caller wanted.</param>
internal sealed record ModifiedLeads(IReadOnlyDictionary<string, DateTimeOffset?> Times, bool IsComplete)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static async Task<ModifiedLeads> Read(IRecordsApi zoho, DateTimeOffset since, int limit, CancellationToken ct)
    {
        var times = new Dictionary<string, DateTimeOffset?>();
        // Zoho documents for one client that the filter includes its own second, and for another that it does not. An answer that shows
        // that second decides.
        var step = Second;
        for (var number = 1; number <= ZohoLimits.PagesByNumber;)
        {
            var page = await zoho.ListModified(since, number, ct);
            Add(times, page);
            if (page.Leads.Any(lead => lead.ModifiedTime <= since))
                step = TimeSpan.Zero;
            if (page.More && times.Count <= limit && !(Latest(page) - step > since))
            {
                number++;
                continue;
            }

            var (more, last) = (page.More, page);
            for (var back = number - 1; back >= 1 && times.Count <= limit; back--)
            {
                page = await zoho.ListModified(since, back, ct);
                Add(times, page);
                last = last.Leads.Count > 0 ? last : page;
            }

            if (times.Count > limit)
                break;
            var reached = Latest(last) - step;
            if (!more && (number == 1 || reached is null))
                return new ModifiedLeads(times, IsComplete: true);

            (since, number) = (reached > since ? reached.Value : since + Second, 1);
        }

        return new ModifiedLeads(times, IsComplete: false);
    }

    /// <summary>The last of the modifications before a moment.</summary>
    public DateTimeOffset? LatestBefore(DateTimeOffset moment) => Times.Values.Where(time => time < moment).Max();

    private static void Add(Dictionary<string, DateTimeOffset?> times, ModifiedPage page)
    {
        foreach (var lead in page.Leads)
            times[lead.Id] = lead.ModifiedTime;
    }

    // Null when the page is not sorted: then only its number says what comes next.
    private static DateTimeOffset? Latest(ModifiedPage page)
    {
        var times = page.Leads.Select(lead => lead.ModifiedTime).ToList();
        return times.SequenceEqual(times.Order()) ? times.LastOrDefault() : null;
    }
}
