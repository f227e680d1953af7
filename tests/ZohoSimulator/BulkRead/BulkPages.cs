using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>The leads of a page.</summary>
internal static class BulkPages
{
    /// <param name="living">The living leads by ascending id. Zoho sorts a bulk read by id.</param>
    /// <param name="skip">The number of rows on earlier pages, when pages have numbers instead of tokens.</param>
    public static BulkRows Take(IEnumerable<Lead> living, Condition criteria, long afterId, int skip, int perPage)
    {
        var found = living.Where(lead => lead.Id > afterId && criteria(lead)).Skip(skip).Take(perPage + 1).ToList();
        var more = found.Count > perPage;
        if (more)
            found.RemoveAt(perPage);
        return new BulkRows(found, more);
    }

    /// <summary>A page each of whose rows shows some moment between the job's creation and its completion.</summary>
    public static BulkRows Mixed(BulkRows then, Func<long, Lead?> now, Chance chance) =>
        then with { Leads = [.. then.Leads.Select(lead => chance.Happens(0.5) ? now(lead.Id) ?? lead : lead)] };
}
