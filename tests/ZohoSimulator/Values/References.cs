namespace LeadSync.ZohoSimulator.Values;

/// <summary>A user, as the value of a field.</summary>
internal sealed record UserRef(string Id, string FirstName, string LastName)
{
    public string Name { get; } = $"{FirstName} {LastName}";

    public string Email { get; } = $"{FirstName}.{LastName}@zylker.example".ToLowerInvariant();
}

/// <summary>Another record, as the value of a field.</summary>
internal sealed record LookupRef(string Id, string Name);

internal sealed record Tag(string Id, string Name);

/// <summary>A territory, as a member of the value of a field.</summary>
internal sealed record TerritoryRef(string Id, string Name);

/// <summary>The wizard with which a record was created, as the value of a field.</summary>
internal sealed record WizardRef(string Id);
