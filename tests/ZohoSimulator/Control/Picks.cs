using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>The leads of a control call: named or random.</summary>
internal sealed class Picks(LeadStore store, Chance chance)
{
    public IReadOnlyList<long> Of(LeadOrder order, LeadState state = LeadState.Active) =>
        order.Ids is { } ids ? [.. ids.Select(Number)] : [.. Some(order.Count ?? 1, state)];

    private static long Number(string id) =>
        long.TryParse(id, out var number) ? number : throw new BadHttpRequestException($"{id} is no id of a lead.");

    /// <summary>Distinct random leads of a state.</summary>
    public IEnumerable<long> Some(int count, LeadState state)
    {
        var picked = new HashSet<long>();
        for (var tries = 0; tries < (count * 4) + 100 && picked.Count < count && store.Leads.Count > 0; tries++)
        {
            var lead = store.Leads[chance.Below(store.Leads.Count)];
            if (lead.State == state && picked.Add(lead.Id))
                yield return lead.Id;
        }

        // Random picks rarely find the last of a few leads.
        for (var slot = 0; slot < store.Leads.Count && picked.Count < count; slot++)
        {
            if (store.Leads[slot] is { } lead && lead.State == state && picked.Add(lead.Id))
                yield return lead.Id;
        }
    }
}
