namespace LeadSync.ZohoSimulator.Leads;

/// <summary>What the API shows of the truth: only what the user may see, and no sooner than reads lag behind writes.</summary>
internal sealed class LeadReader(LeadStore store, Dials dials)
{
    public Lead? Find(string id) => Find(id, dials.ReadLag);

    /// <summary>As lists show it, whose index may lag behind further.</summary>
    public Lead? FindListed(string id) => Find(id, ListLag);

    /// <summary>All that are not deleted, by id.</summary>
    public IEnumerable<Lead> Living(bool descending = false) => All(descending).Where(lead => lead.State == LeadState.Active);

    public IEnumerable<Lead> Deleted() => All(descending: false).Where(lead => lead.State != LeadState.Active);

    private IEnumerable<Lead> All(bool descending)
    {
        var count = store.Leads.Count;
        for (var at = 0; at < count; at++)
        {
            if (Shown(store.Leads[descending ? count - 1 - at : at], ListLag) is { } shown)
                yield return shown;
        }
    }

    private TimeSpan ListLag => dials.ListLag > dials.ReadLag ? dials.ListLag : dials.ReadLag;

    private Lead? Find(string id, TimeSpan lag) =>
        long.TryParse(id, out var number) && store.Leads.Find(number) is { } lead && Shown(lead, lag) is { State: LeadState.Active } shown
            ? shown
            : null;

    private Lead? Shown(Lead lead, TimeSpan lag)
    {
        if (dials.IsInvisible(lead))
            return null;

        Lead? shown = lead;
        while (shown is { ChangedAt: > 0 } && TimeProvider.System.GetElapsedTime(shown.ChangedAt) < lag)
            shown = shown.Before;
        return shown;
    }
}
