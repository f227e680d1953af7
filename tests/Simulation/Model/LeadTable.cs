using LeadSync.Contracts;
using LeadSync.Projector.Leads;
using LeadSync.Projector.LegacyView;
using LeadSync.Simulation.Mutants;

namespace LeadSync.Simulation.Model;

/// <summary>The projector's data of a lead: the registers, the stream and the rows of the view.</summary>
internal sealed class LeadRow
{
    public Lead Registers { get; set; } = Lead.Unknown;

    public List<LeadEvent> Events { get; } = [];

    /// <summary>The row of <c>legacy.leads</c>.</summary>
    public Content? Shown { get; set; }

    /// <summary>The row of <c>legacy.deleted_leads</c>.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>The projector's tables. The shipped fold decides what is loaded and written.</summary>
internal sealed class LeadTable(World world)
{
    private readonly SortedDictionary<string, LeadRow> rows = new(StringComparer.Ordinal);
    private readonly Dictionary<(Guid Run, int Page), HashSet<string>> shown = [];
    private List<(Guid Run, int Page, DateTimeOffset ObservedAt, HashSet<string> Ids, HashSet<string> Parked)> sightings = [];

    public int Events { get; private set; }

    /// <summary>Pages that were folded completely.</summary>
    public HashSet<(Guid Run, int Page)> Pages { get; } = [];

    /// <summary>Leads whose row PostgreSQL refuses until the operator removes the cause.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <summary>Leads with which the projector fails until the operator removes the cause.</summary>
    public HashSet<string> Unbearable { get; } = [];

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

    /// <summary>The outcome of the last full comparison; null before the first.</summary>
    public LeadsCompared? Compared { get; set; }

    /// <param name="ids">Leads of the page that are in the view as the page showed them.</param>
    /// <param name="parked">Leads of the page that could not be applied.</param>
    public void Remember(Guid run, int page, DateTimeOffset observedAt, IReadOnlyCollection<string> ids, IReadOnlyCollection<string> parked)
    {
        Pages.Add((run, page));
        shown[(run, page)] = [.. ids, .. parked];
        var others = sightings.Where(sighting => sighting.Run != run).ToList();
        var latest = others.Count == 0 ? default : others.MaxBy(sighting => sighting.ObservedAt).Run;
        sightings = [.. sightings.Where(sighting => (sighting.Run == run && sighting.Page != page) || sighting.Run == latest)];
        sightings.Add((run, page, observedAt, world.Seams.RemembersSightings ? [.. ids] : [], [.. parked]));
    }

    /// <summary>The number of remembered pages of a run.</summary>
    public int Remembered(Guid run) => sightings.Count(sighting => sighting.Run == run);

    public bool WasSighted(Guid run, string id) =>
        sightings.Exists(sighting => sighting.Run == run && (sighting.Ids.Contains(id) || sighting.Parked.Contains(id)));

    /// <summary>Whether a page of a run showed a lead, even if the projector has forgotten the page.</summary>
    public bool WasShown(Guid run, string id) => shown.Any(page => page.Key.Run == run && page.Value.Contains(id));

    public IReadOnlyList<string> Missing(CompareLeads run) =>
        [
            .. rows.Where(row =>
                row.Value.Registers is { IsAlive: true } lead && lead.LastSeen < run.StartedAt
                    && !WasSighted(run.RunId, row.Key)).Select(row => row.Key)
        ];

    private Folded Fold(LeadChanged change, DateTimeOffset earliest)
    {
        if (!rows.TryGetValue(change.Id, out var row))
            rows.Add(change.Id, row = new LeadRow());

        var content = change.Content is { } seen
            ? new Content(seen.ModifiedTime, change.ObservedAt, ContentHash.Of(seen.Fields), seen.Fields)
            : null;
        var absence = content is null ? new Absence(change.ObservedAt, change.DeletedAt ?? change.ObservedAt) : null;
        var lead = new JudgedLead(world.Seams, change, row.Registers, SightedAt(change.Id, earliest));
        var folded = lead.Observe(new LeadObservation(change.Id, change.Source, content, absence, 0, [], [], null), []);
        if (lead.IsChanged)
            row.Registers = lead.Lead;
        var shown = row.Shown;
        foreach (var (recorded, _) in lead.Events)
        {
            row.Events.Add(recorded);
            Events++;
            var (at, fields) = LegacyViewProjection.Shown(recorded);
            row.Shown = fields is null ? null : new Content(at!.Value, default, default, fields);
            row.DeletedAt = fields is null ? at : null;
        }

        world.Trace(
            $"folded {change.Id} {(content is null ? "gone" : content.Fields!["Last_Name"])} of "
                + $"{change.ObservedAt:HH:mm:ss.fff}{(folded.IsEvent ? "" : ": no event")}, {(folded.IsAlive ? "alive" : "dead")}");
        world.Invariants.Folded(change, shown, row);
        return folded;
    }

    private DateTimeOffset? SightedAt(string id, DateTimeOffset earliest)
    {
        var later = sightings.Where(sighting => sighting.ObservedAt > earliest && sighting.Ids.Contains(id))
            .Select(sighting => sighting.ObservedAt).ToArray();
        return later.Length == 0 ? null : later.Max();
    }

    /// <summary>The shipped lead, with the rule of the mutant.</summary>
    private sealed class JudgedLead(
        Seams seams, LeadChanged change, Lead registers, DateTimeOffset? sightedAt) : FoldedLead(change.Id, registers, sightedAt)
    {
        protected override Lead Fold(Lead before, LeadObservation observation) => seams.Fold(before, change, observation.Content);

        protected override bool IsEvent(Lead before, Lead after) => seams.IsEvent(before, after);
    }
}
