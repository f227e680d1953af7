using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;
using static LeadSync.ZohoSimulator.Leads.Hash;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>The organisation's custom fields: at least one of each kind that is awkward to sync.</summary>
internal static class CustomFields
{
    private static readonly DateOnly FirstDay = new(2024, 1, 1);

    private static readonly string[] Products = ["Laptops", "Servers, storage", "Services", "Büro & Möbel", "Monitors"];

    public static IEnumerable<Field> All(Drift drift) =>
    [
        new("Products_Of_Interest", "multiselectpicklist", (_, h) => Among(h, 0.4) ? null : Chosen(h))
        {
            Custom = true, Choices = Products
        },
        new("Budget", "currency", (_, h) => Among(h, 0.4) ? null : (h % 10_000_000) / 100m) { Custom = true, Length = 16 },
        new("Discount", "percent", (_, h) => Among(h, 0.6) ? null : (h % 1000) / 10m) { Custom = true, Length = 5 },
        new("Weight", "double", (_, h) => Among(h, 0.6) ? null : ((h % 2_000_000) / 1000m) - 1000) { Custom = true, Length = 9 },
        new("Seats", "bigint", (_, h) => Among(h, 0.5) ? null : (long)(h >> 1)) { Custom = true, Length = 18 },
        new("Expected_Close", "date", (_, h) => Among(h, 0.5) ? null : FirstDay.AddDays((int)(h % 2000))) { Custom = true },
        new("Demo_Held_At", "datetime", (lead, h) => Among(h, 0.7) ? null : lead.CreatedTime.AddSeconds(h % 30_000_000)) { Custom = true },
        new("Is_Partner", "boolean", (_, h) => Among(h, 0.2)) { Custom = true },
        new("Partner_Account", "lookup", (_, h) => Among(h, 0.8) ? null : Account(h)) { Custom = true },
        new("Second_Owner", "userlookup", (_, h) => Among(h, 0.8) ? null : Users.Of(h)) { Custom = true },
        new("Requirements", "textarea", (_, h) => Among(h, 0.9) ? null : Descriptions.Of(h))
        {
            Custom = true, Length = 32_000, TextArea = "large"
        },
        new("Briefing", "textarea", (_, h) => Among(h, 0.8) ? null : Descriptions.Rich(h))
        {
            Custom = true, Length = 50_000, TextArea = "rich_text"
        },
        new("Customer_Number", "autonumber", (lead, _) => $"C-{LeadIds.SlotOf(lead.Id):0000000}") { Custom = true, ReadOnly = true },
        new("Score", "formula", (lead, h) => (decimal)(long)(h % 100) + drift.Formula(lead))
        {
            Custom = true, ReadOnly = true, ReturnType = "double"
        },
        new("Is_Large", "formula", (_, h) => h % 3 == 0) { Custom = true, ReadOnly = true, ReturnType = "boolean" },
        new("Follow_Up", "formula", (lead, h) => Among(h, 0.5) ? null : lead.CreatedTime.AddDays(7))
        {
            Custom = true, ReadOnly = true, ReturnType = "datetime"
        },
        new("Initials", "formula", (_, h) => $"{(char)('A' + (h % 26))}.{(char)('A' + (h / 26 % 26))}.")
        {
            Custom = true, ReadOnly = true, ReturnType = "text"
        },
        new("Open_Deals", "rollup_summary", (_, h) => (long)(h % 5)) { Custom = true, ReadOnly = true, ReturnType = "integer" },
        new("Deal_Total", "rollup_summary", (_, h) => (h % 5_000_000) / 100m) { Custom = true, ReadOnly = true, ReturnType = "double" },
        new("Last_Note_Added", "rollup_summary", (lead, h) => Among(h, 0.6) ? null : lead.CreatedTime.AddHours(h % 900))
        {
            ReadOnly = true, ReturnType = "datetime"
        },
        new("Member_Number", "long", (_, h) => Among(h, 0.5) ? null : (long)(h >> 8)) { Custom = true },
        new("Contract", "fileupload", (_, _) => null) { Custom = true, ReadOnly = true, Exported = false },
        new("Campaigns", "multiselectlookup", (_, _) => null) { Custom = true, ReadOnly = true, Exported = false, SingleOnly = true },
        new("Visits", "subform", (_, _) => null) { Custom = true, ReadOnly = true, Exported = false, SingleOnly = true },
    ];

    private static LookupRef Account(ulong hash) =>
        new($"{5725767000001200000 + (long)(hash % 5000)}", $"{Of(Words.LastNames, hash)} {Of(Words.Trades, hash >> 16)}");

    private static string[] Chosen(ulong hash)
    {
        var chosen = Products.Where((_, at) => (hash >> (8 + at) & 1) == 1).ToArray();
        return chosen.Length > 0 ? chosen : [Products[1]];
    }
}
