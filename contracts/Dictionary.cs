namespace LeadSync.Contracts;

/// <summary>What names and explains ids and columns, as the gateway's <c>GET /dictionary</c> answers it.</summary>
/// <param name="Fields">Every field of a lead that Zoho describes.</param>
/// <param name="Users">Everybody who is or was a user of the org; empty where the refresh token lacks the scope for it.</param>
public sealed record LeadDictionary(IReadOnlyList<DescribedField> Fields, IReadOnlyList<CrmUser> Users);

/// <summary>How Zoho describes a field.</summary>
/// <param name="Label">What people see it named as.</param>
/// <param name="DataType">Zoho's name of its type, for instance <c>ownerlookup</c>.</param>
public sealed record DescribedField(string ApiName, string? Label, string DataType);

/// <summary>A user of Zoho CRM.</summary>
public sealed record CrmUser(string Id, string? FullName, string? Email, string? Role, string? Profile, bool Active);
