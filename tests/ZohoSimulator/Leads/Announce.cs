using LeadSync.ZohoSimulator.Fields;

namespace LeadSync.ZohoSimulator.Leads;

/// <summary>The event that a change sends to a channel.</summary>
internal enum Announce
{
    None,
    Insert,
    Update,
    Delete,
}

/// <summary>A change that is announced to channels.</summary>
/// <param name="Changed">The changed fields.</param>
/// <param name="Related">Whether a related record changed instead of the lead.</param>
internal sealed record LeadEvent(Announce Operation, Lead Lead, IReadOnlyList<Field> Changed, bool Related = false);
