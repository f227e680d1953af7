using static LeadSync.ZohoSimulator.Leads.Hash;

namespace LeadSync.ZohoSimulator.Fields;

internal static class CompanyFields
{
    public static IEnumerable<Field> All() =>
    [
        new(
            "Company", "text",
            (_, h) => Nasty.Or($"{Of(Words.LastNames, h)} {Of(Words.Trades, h >> 16)} {Of(Words.LegalForms, h >> 32)}", h))
        {
            Length = 200,
            Mandatory = true,
        },
        new(
            "Website", "website",
            (_, h) => Among(h, 0.4) ? null : $"https://www.{Of(Words.Domains, h)}/?id={h % 1000}&lang=en") { Length = 255 },
        new("Industry", "picklist", (_, h) => Among(h, 0.2) ? null : Of(Words.Industries, h)) { Choices = Words.Industries },
        new("No_of_Employees", "integer", (_, h) => Among(h, 0.2) ? null : (long)(h % 50_000)) { Length = 9 },
        new("Annual_Revenue", "currency", (_, h) => Among(h, 0.3) ? null : (h % 1_000_000_000) / (h % 3 == 0 ? 100m : 1m)) { Length = 16 },
        new("Currency", "picklist", (_, h) => Of(Words.Currencies, h)) { Choices = Words.Currencies, Blank = Words.Currencies[0] },
        new("Exchange_Rate", "double", (_, h) => 1 + (h % 1000 / 1000m)) { Length = 16, Blank = 1m },
        new("Description", "textarea", (_, h) => Descriptions.Of(h)) { Length = 32_000, TextArea = "large" },
    ];
}
