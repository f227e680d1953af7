namespace LeadSync.ZohoSimulator.Leads;

/// <summary>What the API shows of the truth: only what the user may see, and no sooner than reads lag behind writes.</summary>
internal sealed class LeadReader(LeadStore store, Dials dials)
{
    public Lead? Find(string id) =>
        long.TryParse(id, out var number) && store.Leads.Find(number) is { } lead && Shown(lead) is { State: LeadState.Active } shown
            ? shown
            : null;

    /// <summary>All that are not deleted, by id.</summary>
    public IEnumerable<Lead> Living(bool descending = false) => All(descending).Where(lead => lead.State == LeadState.Active);

    public IEnumerable<Lead> Deleted() => All(descending: false).Where(lead => lead.State != LeadState.Active);

    private IEnumerable<Lead> All(bool descending)
    {
        var count = store.Leads.Count;
        for (var at = 0; at < count; at++)
        {
            if (Shown(store.Leads[descending ? count - 1 - at : at]) is { } shown)
                yield return shown;
        }
    }

    private Lead? Shown(Lead lead)
    {
        if (dials.InvisibleLeads > 0 && Hash.Among(lead.Root, dials.InvisibleLeads))
            return null;

        Lead? shown = lead;
        while (shown is { ChangedAt: > 0 } && TimeProvider.System.GetElapsedTime(shown.ChangedAt) < dials.ReadLag)
            shown = shown.Before;
        return shown;
    }
}
