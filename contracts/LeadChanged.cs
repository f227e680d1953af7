namespace LeadSync.Contracts;

/// <summary>Leads that were read for the same announcements, as they are now. They share a message, because a message costs several times
/// as much as a lead in it.</summary>
public sealed record LeadsChanged(IReadOnlyList<LeadChanged> Leads);

/// <summary>Leads that were read again although no notification announced them: a bulk page does not show all of their values, a full
/// comparison missed them, or an operator replayed them. The projector has a queue of its own for them, so that live changes never wait
/// behind them.</summary>
public sealed record LeadsReread(IReadOnlyList<LeadChanged> Leads);

/// <summary>
/// One observation of one lead: what Zoho's answer showed of it. Either it was seen, with <see cref="Content"/>, or it was gone
/// (<see cref="Content"/> is null). Observations may arrive late, twice and in any order; the projector's fold gives the same result.
/// </summary>
/// <param name="Id">Zoho's record id, a string of 16 to 19 digits and sometimes more.</param>
/// <param name="Source">The cause of the reading.</param>
/// <param name="ObservedAt">Zoho's clock: the earliest moment that the answer can speak for. For a fetch, the moment when it was
/// sent.</param>
/// <param name="Content">The lead's fields, or null when Zoho no longer had the lead.</param>
/// <param name="DeletedAt">When Zoho says it was deleted, if it says so; only on a lead that is gone.</param>
/// <param name="ReceivedAt">Zoho's clock: when the notification arrived that announced the lead; null for a lead that was read for another
/// reason.</param>
/// <param name="PublishedAt">Zoho's clock: when the gateway had read the lead and published it.</param>
/// <param name="TraceParent">The trace that began with that notification; null when there is none.</param>
public sealed record LeadChanged(
    string Id,
    Source Source,
    DateTimeOffset ObservedAt,
    LeadContent? Content,
    DateTimeOffset? DeletedAt = null,
    DateTimeOffset? ReceivedAt = null,
    DateTimeOffset? PublishedAt = null,
    string? TraceParent = null);

/// <summary>The content of a lead.</summary>
/// <param name="ModifiedTime">Zoho's <c>Modified_Time</c>, whole seconds.</param>
/// <param name="FieldSet">The <see cref="LeadFields.FieldSet"/> that was asked for. A field of that set that <paramref name="Fields"/>
/// does not name is unknown (keep what is known of it); one that it maps to null is empty.</param>
/// <param name="Fields">Values by Zoho's API name, in the canonical form of <see cref="FieldValue"/>, without <c>id</c> and
/// <c>Modified_Time</c>.</param>
public sealed record LeadContent(DateTimeOffset ModifiedTime, string FieldSet, IReadOnlyDictionary<string, string?> Fields);

/// <summary>The cause of reading a lead.</summary>
public enum Source
{
    /// <summary>A notification announced it.</summary>
    Notification,

    /// <summary>A bulk read's page held it.</summary>
    BulkPage,

    /// <summary>A catch-up found it among the modified or the deleted records.</summary>
    CatchUp,

    /// <summary>A full comparison missed it, and the gateway asked Zoho about it.</summary>
    FullComparison,

    /// <summary>A newer version recorded a cause that this version does not know.</summary>
    Unknown,
}
