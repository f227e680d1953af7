using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Leads;

/// <summary>The people of the organisation.</summary>
internal static class Users
{
    public static IReadOnlyList<UserRef> All { get; } =
        [.. new[] { ("Patricia", "Boyle"), ("Ravi", "Iyer"), ("Zoë", "Müller"), ("Kenji", "Sato"), ("Ana", "O'Neill"), ("Omar", "Haddad") }
            .Select((name, at) => new UserRef($"{5725767000000411001 + (at * 7)}", name.Item1, name.Item2))];

    /// <summary>The user whose token the API calls carry.</summary>
    public static UserRef Api => All[0];

    public static UserRef Of(ulong hash) => All[(int)(hash % (uint)All.Count)];
}
