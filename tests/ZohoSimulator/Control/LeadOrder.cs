using System.Text.Json;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>The body of the control calls about leads. Every member is optional.</summary>
internal sealed record LeadOrder
{
    /// <summary>The ids of the leads; otherwise <see cref="Count"/> random leads.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>The number of random leads; the default is 1.</summary>
    public int? Count { get; init; }

    /// <summary>Values by API name; random ones when left out.</summary>
    public JsonElement? Values { get; init; }

    /// <summary>The announced event; the default is the dial's.</summary>
    public Announce? Announce { get; init; }

    /// <summary>Whether Modified_Time changes; the default is the dial's.</summary>
    public bool? MoveModifiedTime { get; init; }
}
