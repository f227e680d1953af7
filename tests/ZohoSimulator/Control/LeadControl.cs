using System.Text.Json;
using LeadSync.ZohoSimulator.Leads;

namespace LeadSync.ZohoSimulator.Control;

/// <summary>Changes leads like people in Zoho. Each call returns the number of changed leads, and the first 1,000 of their ids.</summary>
internal sealed class LeadControl(LeadStore store, Picks picks, NewValues values, Dials dials, Chance chance)
{
    private const int MostListed = 1000;

    public IResult Create(LeadOrder order)
    {
        var given = order.Values is { ValueKind: JsonValueKind.Object } json ? values.Given(json) : [];
        return Done(Enumerable.Range(0, order.Count ?? 1).Select(_ => store.Create(given, blank: false)));
    }

    public IResult Edit(LeadOrder order) => Each(
        order, LeadState.Active, id => EditOne(id, order.Values, order.Announce ?? Announce.Update, order.MoveModifiedTime ?? true));

    public IResult TouchRelated(LeadOrder order) => Each(order, LeadState.Active, store.TouchRelated);

    public IResult Delete(LeadOrder order) => Each(order, LeadState.Active, id => store.Delete(id, order.Announce ?? Announce.Delete));

    public IResult Purge(LeadOrder order) => Each(order, LeadState.Recycled, PurgeOne);

    public IResult Restore(LeadOrder order) => Each(order, LeadState.Recycled, id =>
        store.Restore(id, order.Announce ?? dials.RestoreAnnounces, order.MoveModifiedTime ?? dials.RestoreMovesModifiedTime));

    public IResult Convert(LeadOrder order) => Each(order, LeadState.Active, id =>
        store.Convert(id, null, order.Announce ?? dials.ConvertAnnounces, order.MoveModifiedTime ?? dials.ConvertMovesModifiedTime));

    /// <summary>Merges leads: the first takes over values, and the others are deleted.</summary>
    public IResult Merge(LeadOrder order)
    {
        var ids = picks.Of(order with { Count = order.Count ?? 3 });
        var announces = order.Announce is { } given ? given != Announce.None : dials.MergeAnnounces;
        var children = ids.Skip(1).Select(id => store.Delete(id, announces ? Announce.Delete : Announce.None));
        var master = ids.Take(1).Select(id => EditOne(id, order.Values, announces ? Announce.Update : Announce.None));
        return Done([.. children, .. master]);
    }

    /// <summary>Sets the same values in many leads.</summary>
    public IResult MassUpdate(LeadOrder order)
    {
        var ids = picks.Of(order);
        var announce = order.Announce ?? (dials.MassUpdateAnnounces ? Announce.Update : Announce.None);
        var same = ids.Count > 0 ? values.For(store.Leads.Find(ids[0])!, order.Values) : [];
        return Done(ids.Select(id => store.Edit(id, same, announce)));
    }

    /// <summary>Makes one random change of the most frequent kind.</summary>
    public void Any(double createShare, double deleteShare)
    {
        if (chance.Happens(createShare))
            store.Create([], blank: false);
        else if (chance.Happens(deleteShare))
            store.Delete(picks.Some(1, LeadState.Active).FirstOrDefault());
        else
            EditOne(picks.Some(1, LeadState.Active).FirstOrDefault(), null, Announce.Update);
    }

    private Lead? PurgeOne(long id)
    {
        store.Delete(id);
        return store.Purge(id);
    }

    private Lead? EditOne(long id, JsonElement? given, Announce announce, bool moveModifiedTime = true) =>
        store.Leads.Find(id) is { } lead ? store.Edit(id, values.For(lead, given), announce, moveModifiedTime) : null;

    private IResult Each(LeadOrder order, LeadState state, Func<long, Lead?> change) => Done(picks.Of(order, state).Select(change));

    private static IResult Done(IEnumerable<Lead?> changed)
    {
        var done = changed.OfType<Lead>().ToList();
        return Gate.ZohoJson.Answer(new { count = done.Count, ids = done.Take(MostListed).Select(lead => $"{lead.Id}") });
    }
}
