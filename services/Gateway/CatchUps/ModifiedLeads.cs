using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.CatchUps;

/// <summary>
/// Lists what was modified since a moment. Pages by number shift while people work, and rows would slip through between two of them; so the
/// list is read on from the greatest <c>Modified_Time</c> seen, and by number only where one second fills more than a page. Those pages are read
/// once more from the last to the first: a lead that is modified or deleted meanwhile only moves those behind it to a page that is still to come.
/// </summary>
internal static class ModifiedLeads
{
    // Zoho: pages by number reach the first 2,000 rows.
    private const int MaximumPages = 10;

    // Whether the filter includes its own second is documented for one client and not for another.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    /// <returns>The ids, each once; null when there are more than <paramref name="limit"/>.</returns>
    public static async Task<IReadOnlyCollection<string>?> Read(IZoho zoho, DateTimeOffset since, int limit, CancellationToken ct)
    {
        var ids = new HashSet<string>();
        for (var number = 1; number <= MaximumPages;)
        {
            var page = await zoho.ListModified(since, number, ct);
            ids.UnionWith(page.Leads.Select(lead => lead.Id));
            var reached = Reached(page) - Step;
            if (page.More && ids.Count <= limit && !(reached > since))
            {
                number++;
                continue;
            }

            for (var back = number - 1; back >= 1 && ids.Count <= limit; back--)
                ids.UnionWith((await zoho.ListModified(since, back, ct)).Leads.Select(lead => lead.Id));
            if (ids.Count > limit)
                return null;
            if (!page.More)
                return ids;

            (since, number) = (reached!.Value, 1);
        }

        return null;
    }

    // Null when the page is not in order: then only its number says what comes next.
    private static DateTimeOffset? Reached(ModifiedPage page)
    {
        var times = page.Leads.Select(lead => lead.ModifiedTime).ToList();
        return times.SequenceEqual(times.Order()) ? times.LastOrDefault() : null;
    }
}
