using LeadSync.ZohoSimulator.Values;
using static LeadSync.ZohoSimulator.Leads.Hash;

namespace LeadSync.ZohoSimulator.Fields;

internal static class StatusFields
{
    public static IEnumerable<Field> All() =>
    [
        new("Lead_Source", "picklist", (_, h) => Among(h, 0.1) ? null : Of(Words.Sources, h)) { Choices = Words.Sources },
        new("Lead_Status", "picklist", (_, h) => Among(h, 0.05) ? null : Of(Words.Statuses, h)) { Choices = Words.Statuses },
        new("Rating", "picklist", (_, h) => Among(h, 0.6) ? null : Of(Words.Ratings, h)) { Choices = Words.Ratings },
        new("Tag", "text", (_, h) => Among(h, 0.8) ? [] : Tags(h)) { Length = 2000, Blank = Array.Empty<Tag>() },
        new("Unsubscribed_Mode", "picklist", (_, h) => Among(h, 0.97) ? null : "Manual")
        {
            Choices = ["Manual", "Consent form"], ReadOnly = true
        },
        new(
            "Unsubscribed_Time", "datetime",
            (lead, h) => Among(h, 0.97) ? null : lead.CreatedTime.AddSeconds(h % 100_000)) { ReadOnly = true },
        new("Data_Source", "picklist", (_, h) => Of(Words.DataSources, h)) { Choices = Words.DataSources, ReadOnly = true },
        new("Enrich_Status__s", "picklist", (_, h) => Among(h, 0.8) ? null : "Enriched")
        {
            Choices = ["Available", "Enriched", "Data not found"],
            ReadOnly = true,
        },
        new(
            "Last_Enriched_Time__s", "datetime",
            (lead, h) => Among(h, 0.8) ? null : lead.CreatedTime.AddSeconds(h % 10_000)) { ReadOnly = true },
    ];

    private static Tag[] Tags(ulong hash) =>
        [.. Words.Tags.Where((_, at) => (hash >> at & 3) == 1).Select(TagOf)];

    public static Tag TagOf(string name) => new($"{5725767000000990000 + (name.Sum(letter => letter) * 13)}", name);
}
