namespace LeadSync.Contracts;

/// <summary>The names of users and fields: the answer of the gateway's <c>GET /dictionary</c>.</summary>
/// <param name="Fields">Every field of a lead that Zoho describes.</param>
/// <param name="Users">All present and former users of the org. Empty when the refresh token lacks the scope for users.</param>
/// <param name="AreUsersKnown">False when Zoho did not list its users, or not all of them: then <paramref name="Users"/> says
/// nothing.</param>
public sealed record LeadDictionary(IReadOnlyList<DescribedField> Fields, IReadOnlyList<CrmUser> Users, bool AreUsersKnown = true);

/// <summary>Zoho's description of a field.</summary>
/// <param name="Label">The name that people see in Zoho.</param>
/// <param name="DataType">Zoho's name of its type, for instance <c>ownerlookup</c>.</param>
/// <param name="SyncedAs">Null when the field is not synced.</param>
/// <param name="Reason">Why the field is not synced, or what is special about it.</param>
public sealed record DescribedField(
    string ApiName, string? Label, string DataType, FieldType? SyncedAs = null, string? Reason = null);

/// <summary>A user of Zoho CRM.</summary>
public sealed record CrmUser(string Id, string? FullName, string? Email, string? Role, string? Profile, bool Active);
