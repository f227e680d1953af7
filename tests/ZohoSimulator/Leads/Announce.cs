using LeadSync.ZohoSimulator.Fields;

namespace LeadSync.ZohoSimulator.Leads;

/// <summary>What a channel hears of a change.</summary>
internal enum Announce
{
    None,
    Insert,
    Update,
    Delete,
}

/// <summary>A change that channels hear of.</summary>
/// <param name="Changed">The fields that it changed.</param>
/// <param name="Related">Not the lead changed, but a record that belongs to it.</param>
internal sealed record LeadEvent(Announce Operation, Lead Lead, IReadOnlyList<Field> Changed, bool Related = false);
