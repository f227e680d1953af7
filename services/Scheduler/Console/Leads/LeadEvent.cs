namespace LeadSync.Scheduler.Console.Leads;

/// <summary>An event of a lead as the projector publishes it in <c>projector.lead_history</c>.</summary>
/// <param name="Event"><c>lead_seen</c> or <c>lead_gone</c>.</param>
/// <param name="AbsentAt">The moment, Zoho's clock, at which it was known to be gone; also on one that was seen late.</param>
internal sealed record LeadEvent(
    long Version,
    string Event,
    string Source,
    DateTimeOffset? ModifiedTime,
    DateTimeOffset ObservedAt,
    DateTimeOffset? DeletedAt,
    DateTimeOffset? AbsentAt,
    DateTimeOffset RecordedAt,
    string? TraceId,
    IReadOnlyDictionary<string, string?>? Fields);

/// <summary>What the events so far add up to: what the view shows.</summary>
/// <param name="ModifiedTime">Of the content that is shown.</param>
/// <param name="ObservedAt">Of the content that is shown.</param>
/// <param name="LastSeen">The latest proof of life, Zoho's clock.</param>
/// <param name="LastGone">The latest proof of absence, Zoho's clock.</param>
internal sealed record LeadState(
    long Version,
    DateTimeOffset? ModifiedTime,
    DateTimeOffset? ObservedAt,
    IReadOnlyDictionary<string, string?> Fields,
    DateTimeOffset? LastSeen,
    DateTimeOffset? LastGone,
    DateTimeOffset? DeletedAt)
{
    public static LeadState Unknown { get; } = new(0, null, null, new Dictionary<string, string?>(), null, null, null);

    public bool IsAlive => LastSeen is { } seen && !(LastGone >= seen);

    public LeadState After(LeadEvent e)
    {
        var state = this with { Version = e.Version };
        if (e.AbsentAt > LastGone || (LastGone is null && e.AbsentAt is not null))
            state = state with { LastGone = e.AbsentAt, DeletedAt = e.DeletedAt };
        if (e is not { ModifiedTime: { } modified, Fields: { } fields })
            return state;

        var seen = e.ObservedAt > modified ? e.ObservedAt : modified;
        state = state with { LastSeen = LastSeen > seen ? LastSeen : seen };
        return IsNewer(e)
            ? state with { ModifiedTime = modified, ObservedAt = e.ObservedAt, Fields = fields }
            : state;
    }

    public bool IsNewer(LeadEvent e) =>
        e.ModifiedTime is { } modified && (ModifiedTime is null || (modified, e.ObservedAt).CompareTo((ModifiedTime.Value, ObservedAt ?? default)) >= 0);
}
