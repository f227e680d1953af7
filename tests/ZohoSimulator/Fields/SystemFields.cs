using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;
using static LeadSync.ZohoSimulator.Leads.Hash;

namespace LeadSync.ZohoSimulator.Fields;

internal static class SystemFields
{
    private static readonly LookupRef StandardLayout = new("5725767000000091055", "Standard");

    private static readonly string[] Names = ["EMEA", "APAC, Oceania", "Americas"];

    public static IEnumerable<Field> Identity() =>
    [
        new("id", "bigint", (lead, _) => lead.Id) { ReadOnly = true },
        new("Owner", "ownerlookup", (_, h) => Users.Of(h)) { Label = "Lead Owner", Blank = Users.Api },
    ];

    public static IEnumerable<Field> Times(Drift drift) =>
    [
        new("Created_By", "ownerlookup", (lead, h) => lead.IsBlank ? Users.Api : Users.Of(h)) { ReadOnly = true },
        new("Modified_By", "ownerlookup", (lead, _) => lead.ModifiedBy) { ReadOnly = true },
        new("Created_Time", "datetime", (lead, _) => lead.CreatedTime) { ReadOnly = true },
        new("Modified_Time", "datetime", (lead, _) => lead.ModifiedTime) { ReadOnly = true },
        new("Last_Activity_Time", "datetime", (lead, _) => drift.Activity(lead)) { ReadOnly = true },
        new("Lead_Status_Modified_Time", "datetime", (lead, h) => Among(h, 0.5) ? null : lead.CreatedTime) { ReadOnly = true },
        new("Change_Log_Time__s", "datetime", (lead, _) => drift.Activity(lead)) { ReadOnly = true },
    ];

    public static IEnumerable<Field> Conversion() =>
    [
        new("Converted__s", "boolean", (lead, _) => lead.Conversion is not null) { ReadOnly = true },
        new("Converted_Date_Time", "datetime", (lead, _) => lead.Conversion?.Time) { ReadOnly = true },
        new("Lead_Conversion_Time", "integer", (lead, _) => (long?)(lead.Conversion?.Time - lead.CreatedTime)?.TotalDays)
        {
            Length = 9,
            ReadOnly = true,
        },
        new("Converted_Account", "lookup", (lead, _) => lead.Conversion?.Account) { ReadOnly = true },
        new("Converted_Contact", "lookup", (lead, _) => lead.Conversion?.Contact) { ReadOnly = true },
        new("Converted_Deal", "lookup", (lead, _) => lead.Conversion?.Deal) { ReadOnly = true },
    ];

    private static TerritoryRef[] Regions(ulong hash) =>
        [
            .. Names.Select((name, at) => new TerritoryRef($"{5725767000004400001 + (at * 11)}", name))
                .Where((_, at) => (hash >> (12 + at) & 1) == 1)
        ];

    public static IEnumerable<Field> Others() =>
    [
        new("Layout", "layout", (_, _) => StandardLayout) { ReadOnly = true },
        new("Territories", "territories", (_, h) => Among(h, 0.5) ? [] : Regions(h)) { ReadOnly = true },
        new(
            "Wizard", "bigint",
            (_, h) => Among(h, 0.9) ? null : new WizardRef($"{5725767000003300001 + (long)(h % 3)}")) { ReadOnly = true },
        new("Record_Image", "profileimage", (_, h) => Among(h, 0.95) ? null : $"{h:x16}.png") { Length = 255, ReadOnly = true },
        new("Locked__s", "boolean", (_, _) => false) { ReadOnly = true },
        new("Record_Status__s", "picklist", (lead, _) => lead.State == LeadState.Active ? "Available" : "Trash")
        {
            Choices = ["Available", "Draft", "Trash"],
            ReadOnly = true,
        },
        new("Connected_To__s", "multi_module_lookup", (_, _) => null) { ReadOnly = true, Exported = false },
    ];
}
