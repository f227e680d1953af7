using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>Which leads a page holds.</summary>
internal static class BulkPages
{
    /// <param name="living">By id, ascending. Zoho: a bulk read is sorted by id.</param>
    /// <param name="skip">How many rows earlier pages held, where pages are counted and not continued by token.</param>
    public static BulkRows Take(IEnumerable<Lead> living, Condition criteria, long afterId, int skip, int perPage)
    {
        var found = living.Where(lead => lead.Id > afterId && criteria(lead)).Skip(skip).Take(perPage + 1).ToList();
        var more = found.Count > perPage;
        if (more)
            found.RemoveAt(perPage);
        return new BulkRows(found, more);
    }

    /// <summary>A page of which each row is as it was at some time between the job's creation and its completion.</summary>
    public static BulkRows Mixed(BulkRows then, Func<long, Lead?> now, Chance chance) =>
        then with { Leads = [.. then.Leads.Select(lead => chance.Happens(0.5) ? now(lead.Id) ?? lead : lead)] };
}
