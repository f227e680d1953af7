namespace LeadSync.ZohoSimulator.Leads;

/// <summary>The leads that the API shows: only those that the user may see, with the lag of reads.</summary>
internal sealed class LeadReader(LeadStore store, Dials dials)
{
    public Lead? Find(string id) => Find(id, dials.ReadLag);

    /// <summary>A lead as lists show it; their index may lag longer.</summary>
    public Lead? FindListed(string id) => Find(id, ListLag);

    /// <summary>All living leads, by id.</summary>
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
