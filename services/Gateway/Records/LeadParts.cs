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
        if (parts[0].ModifiedTime is not { } modifiedTime)
            return new UnstorableLead(id, observedAt, "Modified_Time");

        var fields = parts.SelectMany(part => part.Fields).ToDictionary();
        return new SeenLead(id, observedAt, new LeadContent(modifiedTime, fieldSet, fields))
        {
            OddFields = [.. parts.Select(part => part.OddField).OfType<string>()],
        };
    }

    /// <summary>Texts so long that they may have been cut.</summary>
    /// <param name="rich">Those with marks, or all others.</param>
    public static IEnumerable<LeadField> Cut(LeadContent content, LeadFields fields, bool rich) => fields.Fields.Where(field =>
        field.Type == FieldType.Text && field.Detail is FieldDetail.RichText == rich && MayBeCut(content.Fields.GetValueOrDefault(field.ApiName)));

    /// <summary>Fields that were asked for and did not come.</summary>
    public static IEnumerable<LeadField> LeftOut(SeenLead lead, LeadFields fields) =>
        fields.Fields.Where(field => !lead.Content.Fields.ContainsKey(field.ApiName) && !lead.OddFields.Contains(field.ApiName));

    // A line end may have been two characters, and half a character is left out where a text is cut.
    private static bool MayBeCut(string? text) =>
        text is not null && text.Length + text.Count(letter => letter == '\n') >= ZohoLimits.CutTextLength - 1;

    /// <summary>The content with texts in full; without those that are not shown in full.</summary>
    public static LeadContent With(LeadContent content, IReadOnlyList<LeadField> cut, LeadPart? full)
    {
        var fields = new Dictionary<string, string?>(content.Fields);
        foreach (var field in cut)
        {
            if (full?.Fields.GetValueOrDefault(field.ApiName) is { } text)
                fields[field.ApiName] = text;
            else
                fields.Remove(field.ApiName);
        }

        return content with { Fields = fields };
    }

    public static LeadContent Without(LeadContent content, IEnumerable<string> names) =>
        content with { Fields = content.Fields.ExceptBy(names, field => field.Key).ToDictionary() };
}
