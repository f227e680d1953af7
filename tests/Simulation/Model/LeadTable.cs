using LeadSync.Contracts;
using LeadSync.Projector.Leads;

namespace LeadSync.Simulation.Model;

/// <summary>What the projector keeps of a lead: the registers, the stream and what readers see.</summary>
internal sealed class LeadRow
{
    public Lead Registers { get; set; } = Lead.Unknown;

    public List<object> Events { get; } = [];

    /// <summary>The row of <c>legacy.leads</c>.</summary>
    public Content? Shown { get; set; }

    /// <summary>The row of <c>legacy.deleted_leads</c>.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>The projector's tables, with the pure fold in the place of the statement, which is held to it by a test of its own.</summary>
internal sealed class LeadTable(World world)
{
    private readonly SortedDictionary<string, LeadRow> rows = new(StringComparer.Ordinal);
    private List<(Guid Run, int Page, DateTimeOffset ObservedAt, HashSet<string> Ids)> sightings = [];

    public int Events { get; private set; }

    /// <summary>Pages that were folded to their end.</summary>
    public HashSet<(Guid Run, int Page)> Pages { get; } = [];

    public LeadRow? Find(string id) => rows.GetValueOrDefault(id);

    public IEnumerable<KeyValuePair<string, LeadRow>> All => rows;

    /// <summary>One transaction.</summary>
    public IReadOnlyList<(string Id, Folded Folded)> Fold(IReadOnlyList<LeadChanged> changes)
    {
        var earliest = changes.Min(change => change.ObservedAt);
        return [.. changes.Select(change => (change.Id, Fold(change, earliest)))];
    }

    public bool Differs(LeadChanged change, Guid hash)
    {
        if (Find(change.Id)?.Registers is not { Content: { } known } lead)
            return true;

        var modified = change.Content!.ModifiedTime;
        return modified > known.ModifiedTime || (modified == known.ModifiedTime && hash != known.Hash) || !lead.IsAlive;
    }

    public void Remember(Guid run, int page, DateTimeOffset observedAt, IEnumerable<string> ids)
    {
        Pages.Add((run, page));
        var others = sightings.Where(sighting => sighting.Run != run).ToList();
        var latest = others.Count == 0 ? default : others.MaxBy(sighting => sighting.ObservedAt).Run;
        sightings = [.. sightings.Where(sighting => (sighting.Run == run && sighting.Page != page) || sighting.Run == latest)];
        if (world.Seams.RemembersSightings)
            sightings.Add((run, page, observedAt, [.. ids]));
    }

    public bool WasSighted(Guid run, string id) => sightings.Exists(sighting => sighting.Run == run && sighting.Ids.Contains(id));

    public IReadOnlyList<string> Missing(CompareLeads run) =>
        [.. rows.Where(row => row.Value.Registers is { IsAlive: true } lead && lead.LastSeen < run.StartedAt && !WasSighted(run.RunId, row.Key)).Select(row => row.Key)];

    private Folded Fold(LeadChanged change, DateTimeOffset earliest)
    {
        if (!rows.TryGetValue(change.Id, out var row))
            rows.Add(change.Id, row = new LeadRow());

        var content = change.Content is { } seen ? new Content(seen.ModifiedTime, change.ObservedAt, ContentHash.Of(seen.Fields), seen.Fields) : null;
        var known = row.Registers;
        var before = With(known, change.Id, earliest);
        var after = world.Seams.Fold(before, change, content);
        row.Registers = after with { Content = ReferenceEquals(after.Content, before.Content) ? known.Content : after.Content };
        var isEvent = world.Seams.IsEvent(before, after);
        if (isEvent)
        {
            row.Events.Add(content is not null
                ? new LeadSeen(content.ModifiedTime, content.ObservedAt, change.Source, content.Fields!, after.IsAlive ? null : after.Absence)
                : new LeadGone(change.ObservedAt, change.Source, change.DeletedAt ?? change.ObservedAt));
            Events++;
        }

        var shown = row.Shown;
        Show(row, before, after, isEvent, content is not null);
        world.Trace($"folded {change.Id} {(content is null ? "gone" : content.Fields!["Last_Name"])} of {change.ObservedAt:HH:mm:ss.fff}{(isEvent ? "" : ": no event")}, {(after.IsAlive ? "alive" : "dead")}");
        world.Guarantees.Folded(change, shown, row);
        return new Folded(isEvent, after.IsAlive, IsOutdated: false);
    }

    // As the statement does.
    private static void Show(LeadRow row, Lead before, Lead after, bool isEvent, bool wasSeen)
    {
        if (before.IsAlive && !after.IsAlive)
            row.Shown = null;
        if (isEvent && !after.IsAlive)
            row.DeletedAt = after.Absence!.DeletedAt;
        if (after.IsAlive && !before.IsAlive)
            row.DeletedAt = null;
        if (after.IsAlive && wasSeen && (isEvent || !before.IsAlive))
            row.Shown = after.Content;
    }

    private Lead With(Lead known, string id, DateTimeOffset earliest)
    {
        DateTimeOffset? seen = null;
        foreach (var sighting in sightings)
        {
            if (sighting.ObservedAt > earliest && !(sighting.ObservedAt <= seen) && sighting.Ids.Contains(id))
                seen = sighting.ObservedAt;
        }

        if (seen is not { } at)
            return known;

        return known with
        {
            Content = known.Content is { } content && content.ObservedAt < at ? content with { ObservedAt = at } : known.Content,
            LastSeen = known.LastSeen > at ? known.LastSeen : at,
        };
    }
}
