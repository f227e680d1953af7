using LeadSync.ZohoSimulator.Clock;
using LeadSync.ZohoSimulator.Fields;
using LeadSync.ZohoSimulator.Values;

namespace LeadSync.ZohoSimulator.Leads;

/// <summary>The true leads. Only this class changes leads.</summary>
internal sealed class LeadStore(SimulatorOptions options, Dials dials, FieldCatalogue fields, VirtualClock clock)
{
    private readonly Lock gate = new();

    public LeadTable Leads { get; } = FirstLeads.Make(options);

    /// <summary>Called in the order of the changes, once each.</summary>
    public Action<LeadEvent> Announced { get; set; } = _ => { };

    /// <param name="blank">Whether values that are not given are empty instead of invented.</param>
    public Lead Create(IReadOnlyList<Edit> values, bool blank)
    {
        lock (gate)
        {
            var slot = Leads.Count;
            var now = clock.Second();
            var lead = new Lead(LeadIds.Of(slot), now, now)
            {
                Root = FirstLeads.Root(options.Seed, slot),
                IsBlank = blank,
                Edits = values.Count > 0 ? [.. values] : null,
                ChangedAt = LagStart(),
            };
            Leads.Add(lead);
            Announced(new LeadEvent(Announce.Insert, lead, []));
            return lead;
        }
    }

    public Lead? Edit(
        long id, IReadOnlyList<Edit> values, Announce announce = Announce.Update, bool moveModifiedTime = true, UserRef? by = null) =>
        Change(id, LeadState.Active, announce, [.. values.Select(value => value.Field)], lead => lead.With(values) with
        {
            ModifiedTime = moveModifiedTime
                && (dials.EmptyUpdateMovesModifiedTime || values.Any(value => !Equals(value.Field.Of(lead), value.Value)))
                ? clock.Second() : lead.ModifiedTime,
            ModifiedBy = by ?? Users.Of(lead.Root ^ (ulong)lead.ModifiedTime.Ticks),
        });

    /// <summary>A record that belongs to the lead changes; the lead does not.</summary>
    public Lead? TouchRelated(long id)
    {
        lock (gate)
        {
            if (Leads.Find(id) is not { State: LeadState.Active } lead)
                return null;

            Announced(new LeadEvent(Announce.Update, lead, [], Related: true));
            return lead;
        }
    }

    public Lead? Delete(long id, Announce announce = Announce.Delete) =>
        Change(id, LeadState.Active, announce, [],
            lead => lead with { State = LeadState.Recycled, Deletion = new Deletion(clock.Second(), Users.Api) });

    /// <summary>Removes a lead from the recycle bin for good.</summary>
    public Lead? Purge(long id) => Change(id, LeadState.Recycled, Announce.None, [], lead => lead with
    {
        State = LeadState.Purged,
        Edits = null,
        Deletion = dials.PurgeMovesDeletedTime ? new Deletion(clock.Second(), Users.Api) : lead.Deletion,
    });

    public Lead? Restore(long id, Announce announce, bool moveModifiedTime) =>
        Change(id, LeadState.Recycled, announce, [], lead => lead with
        {
            State = LeadState.Active,
            Deletion = null,
            ModifiedTime = moveModifiedTime ? clock.Second() : lead.ModifiedTime,
        });

    public Lead? Convert(long id, LookupRef? deal, Announce announce, bool moveModifiedTime) =>
        Change(id, LeadState.Active, announce, [fields["Converted__s"], fields["Converted_Date_Time"]], lead => lead with
        {
            Conversion = new Conversion(
                clock.Second(), new($"{id + 1}", $"{fields["Company"].Of(lead)}"), new($"{id + 2}", $"{fields["Full_Name"].Of(lead)}"),
                deal),
            ModifiedTime = moveModifiedTime ? clock.Second() : lead.ModifiedTime,
        });

    private Lead? Change(long id, LeadState expected, Announce announce, IReadOnlyList<Field> changed, Func<Lead, Lead> change)
    {
        lock (gate)
        {
            if (Leads.Find(id) is not { } before || before.State != expected)
                return null;

            var after = change(before) with { Before = Remembered(before), ChangedAt = LagStart() };
            Leads[LeadIds.SlotOf(id)] = after;
            if (announce != Announce.None)
                Announced(new LeadEvent(announce, after, changed));
            return after;
        }
    }

    private TimeSpan LongestLag => dials.ListLag > dials.ReadLag ? dials.ListLag : dials.ReadLag;

    private long LagStart() => LongestLag > TimeSpan.Zero ? TimeProvider.System.GetTimestamp() : 0;

    // Keeps only the past that lagging reads can still show.
    private Lead? Remembered(Lead before)
    {
        if (LongestLag <= TimeSpan.Zero)
            return null;

        var settled = TimeProvider.System.GetElapsedTime(before.ChangedAt) > LongestLag;
        return settled && before.Before is not null ? before with { Before = null } : before;
    }
}
