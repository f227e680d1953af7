namespace LeadSync.Scheduler.Leads;

/// <summary>An event of a lead as the projector publishes it in <c>projector.lead_history</c>.</summary>
/// <param name="Event"><c>lead_seen</c> or <c>lead_gone</c>.</param>
/// <param name="AbsentAt">Zoho's clock: the latest moment at which the lead was known to be gone. An event that shows the lead can have it,
/// too.</param>
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

/// <summary>The state after some events, which is what the view shows.</summary>
/// <param name="ModifiedTime">The modified time of the content that the view shows.</param>
/// <param name="ObservedAt">The time of the observation of that content.</param>
/// <param name="LastSeen">Zoho's clock: the latest proof that the lead exists.</param>
/// <param name="LastGone">Zoho's clock: the latest proof that the lead does not exist.</param>
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
        e.ModifiedTime is { } modified
            && (ModifiedTime is null || (modified, e.ObservedAt).CompareTo((ModifiedTime.Value, ObservedAt ?? default)) >= 0);
}
