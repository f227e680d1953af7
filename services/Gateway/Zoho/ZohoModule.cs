namespace LeadSync.Gateway.Zoho;

/// <summary>The module whose records are synced, and everything that Zoho treats differently in it.</summary>
/// <param name="ApiName">Zoho: in paths, in the names of events, in notifications.</param>
/// <param name="ListQuery">What every list of its records is asked with in addition.</param>
internal sealed record ZohoModule(string ApiName, string ListQuery)
{
    // Zoho: converted leads are left out of lists unless asked for. No other module knows them.
    public static ZohoModule Leads { get; } = new("Leads", "&converted=both");

    /// <summary>What the channel has to report. Zoho calls all three together <see cref="EveryEvent"/>.</summary>
    public IReadOnlyList<string> Events { get; } = [$"{ApiName}.create", $"{ApiName}.edit", $"{ApiName}.delete"];

    public string EveryEvent => $"{ApiName}.all";

    /// <summary>Whether a name in one of Zoho's answers is the module's.</summary>
    public bool Is(string? name) => ApiName.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether an event, for instance <c>Leads.edit</c>, is one of the module's.</summary>
    public bool Reports(string name) => name.StartsWith($"{ApiName}.", StringComparison.OrdinalIgnoreCase);
}
