using System.Globalization;
using LeadSync.Gateway.Zoho.Calls;
using LeadSync.Simulation.Services;

namespace LeadSync.Simulation.Model;

/// <summary>Zoho: leads and their history, the channel, bulk jobs, and notifications in transit.</summary>
internal sealed partial class ZohoModel(World world)
{
    private readonly List<ZohoLead> leads = [];
    private int contents;

    public IReadOnlyList<ZohoLead> Leads => leads;

    public DateTimeOffset DownUntil { get; set; }

    /// <summary>Until then, Zoho lists more modified leads than LeadSync can read one by one: leads that are created and vanish.</summary>
    public DateTimeOffset CrowdedUntil { get; set; }

    /// <summary>The moment whose leads the last list showed.</summary>
    public DateTimeOffset Indexed { get; set; }

    public ZohoLead? Find(string id) => leads.Find(lead => lead.Id == id);

    public void Create()
    {
        var lead = new ZohoLead(string.Create(CultureInfo.InvariantCulture, $"{41508680000001 + leads.Count}"));
        leads.Add(lead);
        lead.Write(world.Now, touch: true, silent: false, _ => NewFields(false));
        Notify("insert", lead.Id);
    }

    /// <param name="isInvalid">Whether no row can store the lead then.</param>
    public void Edit(ZohoLead lead, bool silently = false, bool isInvalid = false)
    {
        lead.Write(
            world.Now, touch: !silently, silently, isInvalid: isInvalid, change: fields => NewFields(fields["Converted__s"] == "true"));
        if (!silently)
            Notify("update", lead.Id);
    }

    public void Convert(ZohoLead lead, bool silently)
    {
        lead.Write(world.Now, touch: !silently, silently, fields => new Dictionary<string, string?>(fields) { ["Converted__s"] = "true" });
        if (world.Chance.Percent(50))
            Notify("update", lead.Id);
    }

    public void Delete(ZohoLead lead)
    {
        lead.Delete(world.Now);
        Notify("delete", lead.Id);
    }

    public void Restore(ZohoLead lead, bool touched)
    {
        lead.Write(world.Now, touched, silent: !touched, fields => fields);
        if (world.Chance.Percent(50))
            Notify("insert", lead.Id);
    }

    /// <summary>One lead takes the other's values. Zoho deletes the other without announcing it.</summary>
    public void Merge(ZohoLead into, ZohoLead lead)
    {
        lead.Delete(world.Now);
        Edit(into);
    }

    public void UpdateMany(IReadOnlyList<ZohoLead> many)
    {
        foreach (var lead in many)
            lead.Write(world.Now, touch: true, silent: false, fields => NewFields(fields["Converted__s"] == "true"));
        Notify("update", [.. many.Select(lead => lead.Id)]);
    }

    public List<ZohoLead> Alive() => leads.FindAll(lead => lead.IsAlive);

    public ZohoCalls For(GatewayProcess gateway, ZohoClock clock) => new(world, gateway, clock);

    private IReadOnlyDictionary<string, string?> NewFields(bool converted) => ZohoLead.Fields(++contents, converted);
}
