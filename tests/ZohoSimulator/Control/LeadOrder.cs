using System.Text.Json;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>The body of the control calls about leads. Everything may be left out.</summary>
internal sealed record LeadOrder
{
    /// <summary>These leads; else <see cref="Count"/> by chance.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>1 when left out.</summary>
    public int? Count { get; init; }

    /// <summary>Values by API name; random ones when left out.</summary>
    public JsonElement? Values { get; init; }

    /// <summary>What channels hear; the dial's choice when left out.</summary>
    public Announce? Announce { get; init; }

    /// <summary>Whether Modified_Time moves; the dial's choice when left out.</summary>
    public bool? MoveModifiedTime { get; init; }
}
