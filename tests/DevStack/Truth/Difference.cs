namespace LeadSync.DevStack.Truth;

/// <summary>A difference between the view and the simulated Zoho.</summary>
/// <param name="Text">The difference in words: id, column, both values.</param>
/// <param name="IsUnknown">Whether the view shows a lead that Zoho never had.</param>
public sealed record Difference(string Id, string Text, bool IsUnknown = false)
{
    public override string ToString() => Text;
}
