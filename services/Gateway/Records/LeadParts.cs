using LeadSync.Contracts;
using LeadSync.Gateway.Zoho;

namespace LeadSync.Gateway.Records;

/// <summary>Puts together what several calls show of one lead.</summary>
internal static class LeadParts
{
    /// <param name="parts">What the calls show, from those that show the lead at all.</param>
    /// <param name="calls">How many calls there were.</param>
    /// <returns>Null when the calls show different states of the lead, and it has to be read again.</returns>
    public static LeadAnswer? Merge(string id, IReadOnlyList<LeadPart> parts, int calls, string fieldSet, DateTimeOffset observedAt)
    {
        if (parts.Count == 0)
            return new AbsentLead(id, observedAt);
        if (parts.Count != calls || parts.DistinctBy(part => part.ModifiedTime).Count() > 1)
            return null;
        if (parts.FirstOrDefault(part => part.OddField is not null)?.OddField is { } odd)
            return new UnstorableLead(id, observedAt, odd);
        if (parts[0].ModifiedTime is not { } modifiedTime)
            return new UnstorableLead(id, observedAt, "Modified_Time");

        var fields = parts.SelectMany(part => part.Fields).ToDictionary();
        return new SeenLead(id, observedAt, new LeadContent(modifiedTime, fieldSet, fields));
    }

    /// <summary>The names of texts so long that they may have been cut.</summary>
    public static IEnumerable<string> Cut(LeadContent content, LeadFields fields, int cutLength) =>
        fields.Fields
            .Where(field => field.Type == FieldType.Text && content.Fields.GetValueOrDefault(field.ApiName)?.Length >= cutLength)
            .Select(field => field.ApiName);

    public static LeadContent Without(LeadContent content, IEnumerable<string> names) =>
        content with { Fields = content.Fields.ExceptBy(names, field => field.Key).ToDictionary() };
}
