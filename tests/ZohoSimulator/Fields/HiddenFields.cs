using LeadSync.ZohoSimulator.Leads;
using static LeadSync.ZohoSimulator.Leads.Hash;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>
/// Columns without metadata that a bulk read exports when it names no fields (seen in a real Leads header).
/// </summary>
internal static class HiddenFields
{
    public static IEnumerable<Field> All(Drift drift) =>
    [
        Time("User_Modified_Time", lead => lead.ModifiedTime),
        Time("System_Related_Activity_Time", lead => drift.Activity(lead)),
        Time("User_Related_Activity_Time", lead => drift.Activity(lead)),
        Time("System_Modified_Time", lead => drift.Activity(lead)),
        Time("LAST_SENT_TIME", _ => null),
        Time("LAST_ACTION_TIME", _ => null),
        Other("LAST_ACTION", "text", (_, _) => null),
        Other("Campaign_Source", "lookup", (_, _) => null),
        Other("Record_Approval_Status", "picklist", (_, _) => "approved"),
        Other("Is_Record_Duplicate", "boolean", (_, h) => Among(h, 0.01)),
        Other("$converted", "boolean", (lead, _) => lead.Conversion is not null),
    ];

    private static Field Time(string name, Func<Lead, DateTimeOffset?> of) => Other(name, "datetime", (lead, _) => of(lead));

    private static Field Other(string name, string type, Func<Lead, ulong, object?> of) =>
        new(name, type, of) { Hidden = true, ReadOnly = true };
}
