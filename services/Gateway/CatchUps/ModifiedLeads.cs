using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.CatchUps;

/// <summary>
/// Lists what was modified since a moment. Pages by number shift while people work, and rows would slip through between two of them; so the
/// list is read on from the greatest <c>Modified_Time</c> seen, and by number only where one second fills more than a page. Those pages are read
/// once more from the last to the first: a lead that is modified or deleted meanwhile only moves those behind it to a page that is still to come,
/// and is itself behind all of them. So the list ends with an answer that shows all that is left on one page.
/// </summary>
/// <param name="Times">When each was modified, if Zoho says so, by id.</param>
/// <param name="IsComplete">False when there are more than were to be read.</param>
internal sealed record ModifiedLeads(IReadOnlyDictionary<string, DateTimeOffset?> Times, bool IsComplete)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static async Task<ModifiedLeads> Read(IRecordsApi zoho, DateTimeOffset since, int limit, CancellationToken ct)
    {
        var times = new Dictionary<string, DateTimeOffset?>();
        // Whether the filter includes its own second is documented for one client and not for another. An answer that shows that second tells.
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

    // Null when the page is not in order: then only its number says what comes next.
    private static DateTimeOffset? Latest(ModifiedPage page)
    {
        var times = page.Leads.Select(lead => lead.ModifiedTime).ToList();
        return times.SequenceEqual(times.Order()) ? times.LastOrDefault() : null;
    }
}
