using LeadSync.ZohoSimulator.Criteria;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Coql;

/// <summary>A parsed query.</summary>
internal sealed record CoqlQuery(IReadOnlyList<Column> Columns, Condition Where)
{
    public IReadOnlyList<(Field Field, bool Descending)> OrderBy { get; init; } = [];

    public int Limit { get; init; } = 200;

    public int Offset { get; init; }

    /// <summary>The rows, and whether more follow.</summary>
    public (IReadOnlyList<Lead> Rows, bool MoreRecords) Run(IEnumerable<Lead> leads)
    {
        var found = Sorted(leads.Where(lead => Where(lead))).Skip(Offset).Take(Limit + 1).ToList();
        return ([.. found.Take(Limit)], found.Count > Limit);
    }

    private IEnumerable<Lead> Sorted(IEnumerable<Lead> leads)
    {
        if (OrderBy.Count == 0)
            return leads;

        var sorted = leads.Order(Comparer<Lead>.Create(Compare));
        return sorted;
    }

    private int Compare(Lead? left, Lead? right)
    {
        foreach (var (field, descending) in OrderBy)
        {
            var order = field.ApiName switch
            {
                "Modified_Time" => left!.ModifiedTime.CompareTo(right!.ModifiedTime),
                "id" => left!.Id.CompareTo(right!.Id),
                _ => Comparer<object>.Default.Compare(Comparison.Key(field.Of(left!)), Comparison.Key(field.Of(right!))),
            };
            if (order != 0)
                return descending ? -order : order;
        }

        return left!.Id.CompareTo(right!.Id);
    }
}
