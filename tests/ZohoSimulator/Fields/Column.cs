using LeadSync.ZohoSimulator.Leads;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Fields;

/// <summary>A column of a bulk read or of a COQL query.</summary>
/// <param name="Part">The part of a user or another record (<c>Owner.last_name</c>); null for the bare id.</param>
internal sealed record Column(Field Field, string? Part)
{
    private static readonly string[] Parts = ["id", "name", "first_name", "last_name", "email"];

    /// <summary>Reads <c>Owner</c> or <c>Owner.last_name</c>; null when there is no such field or part.</summary>
    public static Column? Find(FieldCatalogue fields, string name)
    {
        var (fieldName, part) = name.Split('.', 2) is [var before, var after] ? (before, after) : (name, null);
        return fields.Find(fieldName) is { } field && (part is null || Parts.Contains(part)) ? new Column(field, part) : null;
    }

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
