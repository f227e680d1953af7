namespace LeadSync.Gateway.Zoho;

/// <summary>The module whose records are synced, and everything that Zoho treats differently in it.</summary>
/// <param name="ApiName">Zoho's name in paths, in the names of events, and in notifications.</param>
/// <param name="ListQuery">An addition to the query of every list of its records.</param>
internal sealed record ZohoModule(string ApiName, string ListQuery)
{
    // Zoho leaves converted leads out of lists unless asked for them. No other module knows this parameter.
    public static ZohoModule Leads { get; } = new("Leads", "&converted=both");

    /// <summary>The events that the channel reports. Zoho calls all three together <see cref="EveryEvent"/>.</summary>
    public IReadOnlyList<string> Events { get; } = [$"{ApiName}.create", $"{ApiName}.edit", $"{ApiName}.delete"];

    public string EveryEvent => $"{ApiName}.all";

    /// <summary>Whether a name in an answer of Zoho is the module's.</summary>
    public bool Is(string? name) => ApiName.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an event, for instance <c>Leads.edit</c>, is one of the module's.</summary>
    public bool Reports(string name) => name.StartsWith($"{ApiName}.", StringComparison.OrdinalIgnoreCase);
}
