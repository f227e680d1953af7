using LeadSync.Contracts;
using LeadSync.Gateway.Zoho.Apis;

namespace LeadSync.Gateway.Records;

/// <summary>The result of Zoho's answers about one lead.</summary>
/// <param name="ObservedAt">Zoho's clock: when the first of the calls was sent, the earliest moment that the answers can speak for.</param>
internal abstract record LeadAnswer(string Id, DateTimeOffset ObservedAt);

internal sealed record SeenLead(string Id, DateTimeOffset ObservedAt, LeadContent Content) : LeadAnswer(Id, ObservedAt)
{
    /// <summary>Fields whose values do not fit their types: these fields keep their known values.</summary>
    public IReadOnlyList<string> InvalidFields { get; init; } = [];

    public LeadChanged Changed(Source source) => new(Id, source, ObservedAt, Content);

    /// <summary>The item to park for an operator; null when nothing is wrong.</summary>
    public LeadToPark? InvalidPart => InvalidFields.Count == 0 ? null : new PartlyInvalidLead(Id, ObservedAt, InvalidFields);
}

/// <summary>Zoho did not show the lead. It need not be gone: the answer may lag behind, or the user may have lost the right to see
/// it.</summary>
internal sealed record AbsentLead(string Id, DateTimeOffset ObservedAt) : LeadAnswer(Id, ObservedAt)
{
    public LeadChanged Gone(Source source, DateTimeOffset? deletedAt) => new(Id, source, ObservedAt, Content: null, deletedAt);
}

/// <summary>Merges what several calls show of one lead.</summary>
internal static class LeadParts
{
    /// <param name="parts">The calls' answers, as far as they show the lead.</param>
    /// <param name="calls">The number of calls.</param>
    /// <returns>Null when the calls show different states of the lead, so that it has to be read again.</returns>
    public static LeadAnswer? Merge(string id, IReadOnlyList<LeadPart> parts, int calls, string fieldSet, DateTimeOffset observedAt)
    {
        if (parts.Count == 0)
            return new AbsentLead(id, observedAt);
        if (parts.Count != calls || parts.DistinctBy(part => part.ModifiedTime).Count() > 1)
            return null;
        if (parts[0].ModifiedTime is not { } modifiedTime)
            return new UnstorableLead(id, observedAt, "Modified_Time");

        var fields = parts.SelectMany(part => part.Fields).DistinctBy(field => field.Key).ToDictionary();
        return new SeenLead(id, observedAt, new LeadContent(modifiedTime, fieldSet, fields))
        {
            InvalidFields = [.. parts.Select(part => part.InvalidField).OfType<string>()],
        };
    }

    /// <summary>Texts that a list may have cut and a single read shows in full: all long texts but rich ones.</summary>
    public static IEnumerable<LeadField> CutInLists(LeadContent content, LeadFields fields) =>
        Texts(content, fields).Where(text => !text.IsRich && MayBeCut(text.Value)).Select(text => text.Field);

    /// <summary>
    /// Texts that a single read may have cut: long rich texts, and others that end exactly where Zoho cuts. Zoho does not say whether it
    /// cuts those.
    /// </summary>
    public static IEnumerable<LeadField> CutInSingleReads(LeadContent content, LeadFields fields) =>
        Texts(content, fields)
            .Where(text => MayBeCut(text.Value) && (text.IsRich || text.Value.Length <= ZohoLimits.CutTextLength))
            .Select(text => text.Field);

    /// <summary>Fields that were asked for and are not in the answer.</summary>
    public static IEnumerable<LeadField> LeftOut(SeenLead lead, LeadFields fields) =>
        fields.Fields.Where(field => !lead.Content.Fields.ContainsKey(field.ApiName) && !lead.InvalidFields.Contains(field.ApiName));

    // Zoho may have counted a line end as two characters, and leaves out half a character at the cut.
    private static bool MayBeCut(string text) => text.Length + text.Count(letter => letter == '\n') >= ZohoLimits.CutTextLength - 1;

    private static IEnumerable<(LeadField Field, bool IsRich, string Value)> Texts(LeadContent content, LeadFields fields) =>
        from field in fields.Fields
        where field.Type == FieldType.Text
        let text = content.Fields.GetValueOrDefault(field.ApiName)
        where text is not null
        select (field, field.Detail is FieldDetail.RichText, text);

    /// <summary>The content with these texts in full, and without those that Zoho does not show in full.</summary>
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
