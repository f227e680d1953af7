namespace LeadSync.Scheduler.Leads;

/// <summary>One step in a lead's life.</summary>
/// <param name="Effect">What the step did to the view: <c>added</c>, <c>changed</c>, <c>removed</c>, <c>returned</c>, or <c>nothing</c>
/// when it came too late.</param>
/// <param name="DelaySeconds">From Zoho's modified time to the view; only for changes that a notification announced.</param>
internal sealed record LeadStep(
    long Version,
    string Source,
    string Effect,
    DateTimeOffset? ModifiedTime,
    DateTimeOffset ObservedAt,
    DateTimeOffset? DeletedAt,
    DateTimeOffset RecordedAt,
    double? DelaySeconds,
    string? TraceUrl,
    IReadOnlyList<FieldChange> Changes);

/// <param name="From">Null for an empty field, as is <paramref name="To"/>.</param>
internal sealed record FieldChange(string Field, string? From, string? To);

/// <summary>Computes the changes of each event of a lead in the view.</summary>
internal static class LeadTimeline
{
    /// <param name="before">The state before these events.</param>
    /// <param name="events">In the order in which they were recorded.</param>
    /// <returns>A step for each event, the newest first.</returns>
    public static IReadOnlyList<LeadStep> Of(LeadState before, IReadOnlyList<LeadEvent> events, Func<string?, string?> traceUrl)
    {
        var steps = new List<LeadStep>(events.Count);
        foreach (var e in events)
        {
            var after = before.After(e);
            steps.Add(new(
                e.Version, e.Source, Effect(before, after), e.ModifiedTime, e.ObservedAt, e.DeletedAt, e.RecordedAt,
                e is { Source: "Notification", ModifiedTime: { } modified } ? Math.Max((e.RecordedAt - modified).TotalSeconds, 0) : null,
                traceUrl(e.TraceId),
                Differences(before.Fields, after.Fields)));
            before = after;
        }

        steps.Reverse();
        return steps;
    }

    private static string Effect(LeadState before, LeadState after) => (before.IsAlive, after.IsAlive) switch
    {
        (false, true) => before.LastSeen is null ? "added" : "returned",
        (true, false) => "removed",
        _ => (before.ModifiedTime, before.ObservedAt) == (after.ModifiedTime, after.ObservedAt) ? "nothing" : "changed",
    };

    private static List<FieldChange> Differences(IReadOnlyDictionary<string, string?> before, IReadOnlyDictionary<string, string?> after) =>
    [
        .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(field => new FieldChange(field, before.GetValueOrDefault(field), after.GetValueOrDefault(field)))
            .Where(change => change.From != change.To),
    ];
}
