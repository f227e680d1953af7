using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>The fields that a Leads module of 2026 has by default, in the metadata's order.</summary>
internal static class StandardFields
{
    public static IEnumerable<Field> All(Drift drift) =>
    [
        .. SystemFields.Identity(),
        .. PersonFields.All(),
        .. CompanyFields.All(),
        .. AddressFields.All(),
        .. StatusFields.All(),
        .. SystemFields.Times(drift),
        .. SystemFields.Conversion(),
        .. SystemFields.Others(),
    ];
}
