using LeadSync.ZohoSimulator.Gate;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Records;

/// <summary>One page of a list.</summary>
/// <param name="Page">The page's number. Pages by token continue the count.</param>
internal sealed record ListPage(IReadOnlyList<Lead> Leads, int Page, bool MoreRecords)
{
    /// <summary>Zoho: page tokens reach the first 100,000 records.</summary>
    private const int TokenReach = 100_000;

    public static ListPage Take(ListQuery query, ListToken? after, LeadReader leads)
    {
        var page = after is null ? query.Page : after.Page + 1;
        if ((long)page * query.PerPage > TokenReach)
            throw new ZohoError(400, "PAGINATION_LIMIT_EXCEEDED", "pagination limit exceeded", new { param_name = "page_token" });

        var skip = after is null ? (page - 1) * query.PerPage : 0;
        var found = Sorted(query, after, leads).Skip(skip).Take(query.PerPage + 1).ToList();
        return new ListPage([.. found.Take(query.PerPage)], page, found.Count > query.PerPage);
    }

    public static long SortKey(Lead lead, ListQuery query) => query.SortBy switch
    {
        "Created_Time" => lead.CreatedTime.Ticks,
        "Modified_Time" => lead.ModifiedTime.Ticks,
        _ => lead.Id,
    };

    private static IEnumerable<Lead> Sorted(ListQuery query, ListToken? after, LeadReader leads)
    {
        // Living leads come by id already.
        var found = query.Ids is null
            ? leads.Living(query.Descending)
            : query.Ids.Distinct().Select(leads.FindListed).OfType<Lead>();
        var matching = found.Where(lead => query.Matches(lead) && (after is null || IsBehind(lead, query, after)));
        if (query is { SortBy: "id", Ids: null })
            return matching;

        return query.Descending
            ? matching.OrderByDescending(lead => SortKey(lead, query)).ThenByDescending(lead => lead.Id)
            : matching.OrderBy(lead => SortKey(lead, query)).ThenBy(lead => lead.Id);
    }

    private static bool IsBehind(Lead lead, ListQuery query, ListToken after)
    {
        var order = (SortKey(lead, query), lead.Id).CompareTo((after.Key, after.Id));
        return query.Descending ? order < 0 : order > 0;
    }
}
