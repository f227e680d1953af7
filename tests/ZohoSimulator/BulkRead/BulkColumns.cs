using LeadSync.ZohoSimulator.Fields;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>The columns of a job's file: the requested ones or all, with the effect of damage.</summary>
internal static class BulkColumns
{
    private static readonly Field Surprise = new("Surprise__c", "text", (lead, _) => $"surprise {lead.Id % 10}");

    public static IReadOnlyList<Column> Of(BulkJob job, FieldCatalogue fields)
    {
        // A field that was hidden from the user after the job's creation has no column.
        var columns = (job.Query.Chosen ?? fields.Exported.Select(field => new Column(field, null)))
            .Where(column => fields.Find(column.Field.ApiName) is not null).ToList();
        return job.Damage switch
        {
            BulkDamage.MissingColumn => columns[..^1],
            BulkDamage.ExtraColumn => [.. columns, new Column(Surprise, null)],
            BulkDamage.ShuffledColumns => [.. columns.AsEnumerable().Reverse()],
            _ => columns,
        };
    }
}
