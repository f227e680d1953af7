using LeadSync.Contracts;

namespace LeadSync.Projector.Leads;

/// <summary>The outcome of an observation.</summary>
/// <param name="IsEvent">Whether it was appended as an event; else it only confirmed what is known, or came too late.</param>
/// <param name="IsAlive">Whether the lead lives, all in all.</param>
/// <param name="IsOutdated">Whether it said something else than what is known, and came too late.</param>
/// <param name="IsToBeRead">Whether it left something uncertain that only the lead's own record tells.</param>
internal readonly record struct Folded(bool IsEvent, bool IsAlive, bool IsOutdated, bool IsToBeRead = false);

/// <summary>
/// A lead while observations are folded: the known state, and the events to append. Pure: it reads and writes no table.
/// </summary>
/// <param name="registers">As they are stored.</param>
/// <param name="sightedAt">When a bulk read showed it last, as it was known; null when none did that is newer than what is folded.</param>
/// <param name="foldedVersion">The version of the stream that the registers know of.</param>
/// <param name="streamVersion">The version that the stream has.</param>
internal class FoldedLead(string id, Lead registers, DateTimeOffset? sightedAt = null, long foldedVersion = 0, long streamVersion = 0)
{
    private readonly Lead loaded = registers.Sight(sightedAt);
    private readonly List<(object Data, string? TraceParent)> events = [];

    public string Id => id;

    public Lead Lead { get; private set; } = registers.Sight(sightedAt);

    /// <summary>Set when the person was to be forgotten and has not been seen again.</summary>
    public ForgottenSince? Forgotten { get; init; }

    /// <summary>Whether an observation may be folded: nothing of a forgotten lead may, or only what Zoho shows later.</summary>
    public bool Takes(LeadObservation observation) => Forgotten is not { } forgotten
        || (forgotten.UntilSeenAgain && observation.Content is not null && observation.ObservedAt > forgotten.At);

    /// <summary>Whether somebody else has appended to the stream.</summary>
    public bool IsBehind => foldedVersion != streamVersion;

    public long StreamVersion => streamVersion;

    /// <summary>The version that the stream will have.</summary>
    public long Version => streamVersion + events.Count;

    public IReadOnlyList<(object Data, string? TraceParent)> Events => events;

    public bool IsChanged => IsBehind || events.Count > 0 || !ReferenceEquals(Lead.Content, loaded.Content)
        || Lead.LastSeen != loaded.LastSeen || Lead.Absence != loaded.Absence;

    /// <summary>The last observation whose content is the one that is known now; null when none of the batch's is.</summary>
    public LeadObservation? Told { get; private set; }

    /// <summary>Takes in what the whole stream says, as far as the registers do not know better.</summary>
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
            Told = observation;
        var isEvent = IsEvent(before, Lead);
        if (isEvent)
            events.Add((content is null ? Gone(observation) : Seen(observation.Source, content), observation.TraceParent));
        var isOutdated = !isEvent && (content is null ? Lead.IsAlive : !content.Says(before.Content) || !Lead.IsAlive);
        return new(isEvent, Lead.IsAlive, isOutdated, LeavesOpen(observation, isEvent, before.Content?.Fields));
    }

    private static bool LeavesOpen(LeadObservation observation, bool isEvent, IReadOnlyDictionary<string, string?>? known)
    {
        bool IsKnown(string name) => known?.GetValueOrDefault(name) is not null;
        return observation.Unread.Any(name => !IsKnown(name))
            || (isEvent && (observation.Unread.Count > 0 || observation.Uncertain.Any(IsKnown)));
    }

    /// <summary>The rule: what an observation makes of a lead.</summary>
    protected virtual Lead Fold(Lead before, LeadObservation observation) =>
        observation.Content is { } content ? before.See(content) : before.Miss(observation.Absence!);

    /// <summary>The rule: whether that is an event.</summary>
    protected virtual bool IsEvent(Lead before, Lead after) => Lead.IsEvent(before, after);

    private LeadSeen Seen(Source source, Content content) => new(
        content.ModifiedTime, content.ObservedAt, source, content.Fields!, Lead.IsAlive ? null : Lead.Absence,
        Lead.IsAlive && !ReferenceEquals(Lead.Content, content) ? new(Lead.Content!.ModifiedTime, Lead.Content.Fields!) : null);

    private static LeadGone Gone(LeadObservation observation) =>
        new(observation.ObservedAt, observation.Source, observation.Absence!.DeletedAt);
}

/// <param name="At">When it was ordered.</param>
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
