using LeadSync.ServiceDefaults.Parking;
using LeadSync.Simulation.Services;

namespace LeadSync.Simulation.Model;

/// <summary>The parked items.</summary>
internal sealed class ParkedRows
{
    private readonly Dictionary<(ParkedKind Kind, string Key), ParkedItem> items = [];
    private readonly List<Envelope> messages = [];
    private readonly HashSet<string> replayed = [];

    public bool IsEmpty => items.Count == 0 && messages.Count == 0;

    public bool HasLead(string id) => items.ContainsKey((ParkedKind.Lead, id));

    public bool WasReplayed(string id) => replayed.Contains(id);

    public void Add(ParkedItem item) => items[(item.Kind, item.Key)] = item;

    public void Add(Envelope message) => messages.Add(message);

    /// <returns>All parked items.</returns>
    public (IReadOnlyList<string> Leads, IReadOnlyList<Envelope> Messages) Take()
    {
        var taken = (items.Values.Select(item => item.LeadId).OfType<string>().Distinct().ToList(), messages.ToList());
        replayed.UnionWith(taken.Item1);
        items.Clear();
        messages.Clear();
        return taken;
    }
}

/// <summary>One process's access to the table of parked items.</summary>
internal sealed class ParkedTable(World world, Process process) : IParkingLot
{
    public async Task Park(IReadOnlyCollection<ParkedItem> items, CancellationToken ct)
    {
        if (items.Count == 0)
            return;

        await world.Database(process, "parks", ct);
        foreach (var item in items)
        {
            world.Trace($"parked: {item.Key}: {item.Reason}");
            world.Parked.Add(item);
        }
    }
}
