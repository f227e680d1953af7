using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.BulkRead;

/// <summary>A column of a result file.</summary>
/// <param name="Part">Of a user or another record (<c>Owner.last_name</c>); null for the bare id.</param>
internal sealed record BulkColumn(Field Field, string? Part)
{
    public static readonly string[] Parts = ["id", "name", "first_name", "last_name", "email"];

    public string Header => Part is null ? Field.ApiName : $"{Field.ApiName}.{Part}";

    public object? Of(Lead lead) => (Field.Of(lead), Part) switch
    {
        (var value, null) => value,
        (UserRef user, "id") => user.Id,
        (UserRef user, "name") => user.Name,
        (UserRef user, "first_name") => user.FirstName,
        (UserRef user, "last_name") => user.LastName,
        (UserRef user, "email") => user.Email,
        (LookupRef record, "id") => record.Id,
        (LookupRef record, "name") => record.Name,
        _ => null,
    };
}
