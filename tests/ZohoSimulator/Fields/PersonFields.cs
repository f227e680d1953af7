using static LeadSync.ZohoSimulator.Leads.Hash;

namespace LeadSync.ZohoSimulator.Fields;

internal static class PersonFields
{
    public static IEnumerable<Field> All()
    {
        var first = new Field("First_Name", "text", (_, h) => Among(h, 0.03) ? null : Of(Words.FirstNames, h)) { Length = 40 };
        var last = new Field("Last_Name", "text", (_, h) => Nasty.Or(Of(Words.LastNames, h), h)) { Length = 80, Mandatory = true };
        return
        [
            new("Salutation", "picklist", (_, h) => Among(h, 0.5) ? null : Of(Words.Salutations, h)) { Choices = Words.Salutations },
            first,
            last,
            new("Full_Name", "text", (lead, _) => first.Of(lead) is string name ? $"{name} {last.Of(lead)}" : last.Of(lead))
            {
                Length = 120,
                ReadOnly = true,
            },
            new("Designation", "text", (_, h) => Among(h, 0.3) ? null : Of(Words.Jobs, h)) { Label = "Title", Length = 100 },
            new(
                "Email", "email",
                (lead, h) => Among(h, 0.05) ? null : $"lead{lead.Id % 1_000_000_000}@{Of(Words.Domains, h >> 8)}") { Length = 100 },
            new(
                "Secondary_Email", "email",
                (_, h) => Among(h, 0.9) ? null : $"p{h % 100_000}@{Of(Words.Domains, h >> 8)}") { Length = 100 },
            new(
                "Phone", "phone",
                (_, h) => Among(h, 0.1) ? null : $"+{1 + (h % 98)} {100 + (h % 899)} {h % 10_000_000:0000000}") { Length = 30 },
            new("Mobile", "phone", (_, h) => Among(h, 0.5) ? null : $"0{h % 1_000_000_000}") { Length = 30 },
            new("Fax", "text", (_, h) => Among(h, 0.9) ? null : $"+49 30 {h % 1_000_000}") { Length = 30 },
            new("Skype_ID", "text", (_, h) => Among(h, 0.9) ? null : $"live:{h % 1_000_000}") { Length = 50 },
            new("Twitter", "text", (_, h) => Among(h, 0.9) ? null : $"@{Of(Words.FirstNames, h)}{h % 100}") { Length = 50 },
            new("Email_Opt_Out", "boolean", (_, h) => Among(h, 0.1)),
        ];
    }
}
