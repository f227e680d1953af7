using LeadSync.Contracts;

namespace LeadSync.Projector.Leads;

/// <summary>The outcome of an observation.</summary>
/// <param name="IsEvent">Whether the observation became an event. Otherwise it only confirmed the known state, or came too late.</param>
/// <param name="IsAlive">Whether the lead lives after the observation.</param>
/// <param name="IsOutdated">Whether the observation contradicted the known state, and came too late to change it.</param>
/// <param name="IsToBeRead">Whether the observation left values uncertain, so that the gateway has to read the lead's own record.</param>
internal readonly record struct Folded(bool IsEvent, bool IsAlive, bool IsOutdated, bool IsToBeRead = false);

/// <summary>
/// A lead while observations are folded: the known state, and the events to append. This class reads and writes no table.
/// </summary>
/// <param name="registers">The stored registers.</param>
/// <param name="sightedAt">Zoho's clock: when a bulk read last showed the lead unchanged. Null when no bulk read did so after the
/// observations that are folded.</param>
/// <param name="foldedVersion">The version of the stream up to which the registers are folded.</param>
/// <param name="streamVersion">The present version of the stream.</param>
internal class FoldedLead(string id, Lead registers, DateTimeOffset? sightedAt = null, long foldedVersion = 0, long streamVersion = 0)
{
    private readonly Lead loaded = registers.Confirm(sightedAt);
    private readonly List<(LeadEvent Data, string? TraceParent)> events = [];

    public string Id => id;

    public Lead Lead { get; private set; } = registers.Confirm(sightedAt);

    /// <summary>Set when the lead is to be forgotten, and Zoho has not shown it again since.</summary>
    public ForgottenSince? Forgotten { get; init; }

    /// <summary>Whether an observation may be folded. A forgotten lead takes no observation, or only one that Zoho shows after the
    /// command to forget it, and that brings the lead back.</summary>
    public bool Takes(LeadObservation observation) => Forgotten is not { } forgotten || events.Count > 0
        || (forgotten.UntilSeenAgain && observation.Content is { } content && observation.ObservedAt > forgotten.At
            && Lead.Observe(content).IsAlive);

    /// <summary>Whether another program has appended to the stream.</summary>
    public bool IsBehind => foldedVersion != streamVersion;

    public long StreamVersion => streamVersion;

    /// <summary>The version that the stream will have when the events are appended.</summary>
    public long Version => streamVersion + events.Count;

    public IReadOnlyList<(LeadEvent Data, string? TraceParent)> Events => events;

    public bool IsChanged => IsBehind || events.Count > 0 || !ReferenceEquals(Lead.Content, loaded.Content)
        || Lead.LastSeen != loaded.LastSeen || Lead.Absence != loaded.Absence;

    /// <summary>The last observation of the batch whose content became the known content; null when there is none.</summary>
    public LeadObservation? ContentObservation { get; private set; }

    /// <summary>Merges the fold of the whole stream into the registers. Each register keeps the greater value.</summary>
    public void Replay(Lead stream) => Lead = Lead with
    {
        Content = Lead.Content?.CompareTo(stream.Content) > 0 && stream.Content is not null
            ? Lead.Content with { Fields = stream.Content.Fields }
            : stream.Content,
        LastSeen = Lead.LastSeen > stream.LastSeen ? Lead.LastSeen : stream.LastSeen,
        Absence = Lead.Absence?.CompareTo(stream.Absence) > 0 ? Lead.Absence : stream.Absence,
    };

    /// <summary>Folds an observation by the rule of <see cref="Leads.Lead"/>.</summary>
    public Folded Observe(LeadObservation observation, IReadOnlyCollection<string> unknown)
    {
        var before = Lead;
        observation = observation.Complete(unknown, before.Content?.Fields);
        var content = observation.Content;
        Lead = Fold(before, observation);
        if (content is not null && ReferenceEquals(Lead.Content, content))
            ContentObservation = observation;
        var isEvent = IsEvent(before, Lead);
        if (isEvent)
            events.Add((content is null ? Gone(observation) : Seen(observation.Source, content), observation.TraceParent));
        var isOutdated = !isEvent && (content is null ? Lead.IsAlive : !content.SaysTheSameAs(before.Content) || !Lead.IsAlive);
        return new(isEvent, Lead.IsAlive, isOutdated, LeavesOpen(observation, isEvent, before.Content?.Fields));
    }

    private static bool LeavesOpen(LeadObservation observation, bool isEvent, IReadOnlyDictionary<string, string?>? known)
    {
        bool IsKnown(string name) => known?.GetValueOrDefault(name) is not null;
        return observation.Unread.Any(name => !IsKnown(name))
            || (isEvent && (observation.Unread.Count > 0 || observation.Uncertain.Any(IsKnown)));
    }

    /// <summary>The merge rule. The simulation overrides this method to show that a wrong rule is found.</summary>
    protected virtual Lead Fold(Lead before, LeadObservation observation) =>
        observation.Content is { } content ? before.Observe(content) : before.Observe(observation.Absence!);

    /// <summary>Whether the observation becomes an event. The simulation overrides this method as well.</summary>
    protected virtual bool IsEvent(Lead before, Lead after) => Lead.IsEvent(before, after);

    private LeadSeen Seen(Source source, Content content) => new(
        content.ModifiedTime, content.ObservedAt, source, content.Fields!, Lead.IsAlive ? null : Lead.Absence,
        Lead.IsAlive && !ReferenceEquals(Lead.Content, content) ? new(Lead.Content!.ModifiedTime, Lead.Content.Fields!) : null);

    private static LeadGone Gone(LeadObservation observation) =>
        new(observation.ObservedAt, observation.Source, observation.Absence!.DeletedAt);
}

/// <param name="At">When an operator asked to forget the lead, by the scheduler's clock. For a lead that the projector forgets because it
/// was deleted long ago: the latest proof that Zoho no longer had it, by Zoho's clock.</param>
/// <param name="UntilSeenAgain">Whether the lead comes back when Zoho shows it later.</param>
internal sealed record ForgottenSince(DateTimeOffset At, bool UntilSeenAgain);

internal static class FoldedLeads
{
    /// <summary>The changes of leads that became events.</summary>
    public static IEnumerable<LeadChanged> Applied(this IEnumerable<LeadChanged> changes, IEnumerable<(string Id, Folded Folded)> outcome)
    {
        var applied = outcome.Where(lead => lead.Folded.IsEvent).Select(lead => lead.Id).ToHashSet(StringComparer.Ordinal);
        return changes.Where(change => applied.Contains(change.Id));
    }
}
