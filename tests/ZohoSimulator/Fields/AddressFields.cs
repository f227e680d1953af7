using static LeadSync.ZohoSimulator.Leads.Hash;

namespace LeadSync.ZohoSimulator.Fields;

internal static class AddressFields
{
    public static IEnumerable<Field> All() =>
    [
        new(
            "Flat_House_No_Building_Apartment_Name", "text",
            (_, h) => Among(h, 0.8) ? null : $"Flat {h % 400}, Block \"{(char)('A' + (h % 26))}\"")
        {
            Length = 150,
        },
        new(
            "Street", "text",
            (_, h) => Among(h, 0.2) ? null : Nasty.Or($"{1 + (h % 900)} {Of(Words.Streets, h >> 16)}", h)) { Length = 250 },
        new("City", "text", (_, h) => Among(h, 0.1) ? null : Of(Words.Cities, h)) { Length = 100 },
        new("State", "text", (_, h) => Among(h, 0.5) ? null : Of(Words.States, h)) { Length = 100 },
        new("Zip_Code", "text", (_, h) => Among(h, 0.2) ? null : $"{h % 100_000:00000}") { Length = 30 },
        new("Country", "text", (_, h) => Among(h, 0.1) ? null : Of(Words.Countries, h)) { Length = 100 },
        new("Latitude", "double", (_, h) => Among(h, 0.7) ? null : ((h % 180_000_000) / 1_000_000m) - 90) { Length = 16 },
        new("Longitude", "double", (_, h) => Among(h, 0.7) ? null : ((h % 360_000_000) / 1_000_000m) - 180) { Length = 16 },
    ];
}
