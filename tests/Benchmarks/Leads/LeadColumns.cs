using System.Globalization;
using System.Text.Json.Nodes;
using LeadSync.Contracts;
using LeadSync.Projector.LegacyView;

namespace LeadSync.Benchmarks.Leads;

/// <summary>A column of a bulk page: Zoho's name and data type, and the text that a lead has in it.</summary>
/// <param name="Filled">The share of leads that have a value.</param>
internal sealed record LeadColumn(string ApiName, string DataType, double Filled, Func<Dice, string> Cell, string[]? Choices = null)
{
    public FieldType Type => DataType switch
    {
        "currency" or "double" or "percent" => FieldType.Numeric,
        "integer" => FieldType.Integer,
        "boolean" => FieldType.Boolean,
        "datetime" => FieldType.DateTime,
        "date" => FieldType.Date,
        "ownerlookup" => FieldType.Reference,
        "multiselectpicklist" => FieldType.Set,
        _ => FieldType.Text,
    };

    public string SqlType => new Column(ApiName, Type).SqlType;

    /// <summary>The value as the Records API writes it.</summary>
    public JsonNode? Json(string cell) => cell.Length == 0 ? null : DataType switch
    {
        "currency" or "double" or "percent" => decimal.Parse(cell, CultureInfo.InvariantCulture),
        "integer" => long.Parse(cell, CultureInfo.InvariantCulture),
        "boolean" => cell == "true",
        "ownerlookup" => new JsonObject { ["id"] = cell, ["name"] = "Someone" },
        "multiselectpicklist" => new JsonArray([.. cell.Split(';').Select(chosen => (JsonNode)chosen)]),
        _ => cell,
    };
}

/// <summary>
/// The forty columns of the benchmarks' leads, with <c>Id</c> and <c>Modified_Time</c>: a typical Leads module.
/// </summary>
internal static class LeadColumns
{
    private static readonly string[] Products = ["Laptops", "Monitors", "Servers", "Services", "Büro & Möbel"];
    private static readonly DateTime FirstDay = new(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>All but <c>Id</c> and <c>Modified_Time</c>.</summary>
    public static IReadOnlyList<LeadColumn> All { get; } =
    [
        new("Owner", "ownerlookup", 1, dice => $"{5725767000000290000 + dice.Below(40)}"),
        new("Salutation", "picklist", 0.6, dice => dice.Of("Mr.", "Ms.", "Dr.", "Prof.")),
        new("First_Name", "text", 0.85, Words.FirstName),
        new("Last_Name", "text", 1, Words.LastName),
        new("Company", "text", 1, Words.Company),
        new("Designation", "text", 0.5, dice => dice.Of("Head of Purchasing", "CEO", "Buyer", "IT Lead", "Directrice générale")),
        new("Email", "email", 0.9, dice => $"{dice.Of(Words.Plain)}.{dice.Below(1_000_000)}@{dice.Of(Words.Plain)}.example"),
        new("Secondary_Email", "email", 0.1, dice => $"{dice.Of(Words.Plain)}{dice.Below(100_000)}@mail.example"),
        new("Phone", "phone", 0.7, dice => $"+1 {200 + dice.Below(700)} 555 {dice.Below(10_000):0000}"),
        new("Mobile", "phone", 0.6, dice => $"+49 17{dice.Below(10)} {dice.Below(10_000_000):0000000}"),
        new("Fax", "text", 0.05, dice => $"{dice.Below(1_000_000)}"),
        new("Website", "website", 0.5, dice => $"https://www.{dice.Of(Words.Plain)}-{dice.Below(10_000)}.example/"),
        new(
            "Street", "text", 0.6,
            dice => $"{1 + dice.Below(900)} {dice.Of("Main Street", "Rue de l'Église", "Königsallee", "5th Ave, Suite \"B\"")}"),
        new("City", "text", 0.7, dice => dice.Of("Berlin", "New York", "São Paulo", "東京", "Zürich", "Austin")),
        new("State", "text", 0.4, dice => dice.Of("NY", "TX", "CA", "Bayern", "ZH")),
        new("Zip_Code", "text", 0.6, dice => $"{dice.Below(100_000):00000}"),
        new("Country", "text", 0.8, dice => dice.Of("USA", "Germany", "Brazil", "日本", "Switzerland")),
        new("Lead_Source", "picklist", 0.9, dice => dice.Of("Web Download", "Trade Show", "Cold Call", "Partner", "Advertisement")),
        new(
            "Lead_Status", "picklist", 0.95,
            dice => dice.Of("Attempted to Contact", "Contacted", "Junk Lead", "Not Contacted", "Pre-Qualified")),
        new("Industry", "picklist", 0.6, dice => dice.Of("Manufacturing", "Retail", "Government/Military", "Service Provider")),
        new("Rating", "picklist", 0.3, dice => dice.Of("Active", "Acquired", "Market Failed", "Shut Down")),
        new("Skype_ID", "text", 0.05, dice => $"live:{dice.Below(1_000_000)}"),
        new("Twitter", "text", 0.05, dice => $"@{dice.Of(Words.Plain)}{dice.Below(1000)}"),
        new("Description", "textarea", 0.4, Words.Description),
        new("Annual_Revenue", "currency", 0.4, dice => $"{dice.Below(100_000_000)}.{dice.Below(100):00}"),
        new("No_of_Employees", "integer", 0.4, dice => $"{dice.Below(20_000)}"),
        new("Email_Opt_Out", "boolean", 1, dice => dice.Among(0.1) ? "true" : "false"),
        new("Converted__s", "boolean", 1, dice => dice.Among(0.05) ? "true" : "false"),
        new("Created_Time", "datetime", 1, dice => Instant(FirstDay.AddSeconds(dice.Below(60_000_000)))),
        new("Last_Activity_Time", "datetime", 0.8, dice => Instant(FirstDay.AddSeconds(60_000_000 + dice.Below(30_000_000)))),
        // Custom fields.
        new("Customer_Number", "autonumber", 1, dice => $"C-{dice.Below(10_000_000):0000000}"),
        new(
            "Products_Of_Interest", "multiselectpicklist", 0.5,
            dice => dice.Among(0.5) ? dice.Of(Products) : $"{Products[0]};{Products[3]}", Products),
        new("Budget", "currency", 0.4, dice => $"{dice.Below(1_000_000)}.00"),
        new("Discount", "percent", 0.2, dice => $"{dice.Below(100)}.5"),
        new("Seats", "integer", 0.4, dice => $"{dice.Below(5000)}"),
        new("Expected_Close", "date", 0.4, dice => FirstDay.AddDays(dice.Below(2000)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        new("Is_Partner", "boolean", 1, dice => dice.Among(0.2) ? "true" : "false"),
        new("Campaign_Code", "text", 0.3, dice => $"{dice.Of("SPRING", "SUMMER", "EXPO")}-{dice.Below(100)}"),
    ];

    /// <summary>Writes an instant like Zoho: whole seconds, with the user's offset.</summary>
    public static string Instant(DateTime utc) =>
        utc.AddHours(-7).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + "-07:00";
}
