using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.CatchUps;

/// <summary>
/// Lists what was modified since a moment. Pages by number shift while people work, and rows would slip through between two of them; so the
/// list is read on from the greatest <c>Modified_Time</c> seen, and by number only where one second fills more than a page. Those pages are read
/// once more from the last to the first: a lead that is modified or deleted meanwhile only moves those behind it to a page that is still to come.
/// </summary>
/// <param name="Times">When each was modified, if Zoho says so, by id.</param>
/// <param name="IsComplete">False when there are more than were to be read.</param>
internal sealed record ModifiedLeads(IReadOnlyDictionary<string, DateTimeOffset?> Times, bool IsComplete)
{
    // Zoho: pages by number reach the first 2,000 rows.
    private const int MaximumPages = 10;

    // Whether the filter includes its own second is documented for one client and not for another.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    public static async Task<ModifiedLeads> Read(IZoho zoho, DateTimeOffset since, int limit, CancellationToken ct)
    {
        var times = new Dictionary<string, DateTimeOffset?>();
        for (var number = 1; number <= MaximumPages;)
        {
            var page = await zoho.ListModified(since, number, ct);
            Add(times, page);
            var reached = Reached(page) - Step;
            if (page.More && times.Count <= limit && !(reached > since))
            {
                number++;
                continue;
            }

            for (var back = number - 1; back >= 1 && times.Count <= limit; back--)
                Add(times, await zoho.ListModified(since, back, ct));
            if (times.Count > limit)
                break;
            if (!page.More)
                return new ModifiedLeads(times, IsComplete: true);

            (since, number) = (reached!.Value, 1);
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

    // Null when the page is not in order: then only its number says what comes next.
    private static DateTimeOffset? Reached(ModifiedPage page)
    {
        var times = page.Leads.Select(lead => lead.ModifiedTime).ToList();
        return times.SequenceEqual(times.Order()) ? times.LastOrDefault() : null;
    }
}
