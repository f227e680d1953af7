namespace LeadSync.ZohoSimulator.Leads;

/// <summary>The leads at the start: the same for the same seed, at any time.</summary>
internal static class FirstLeads
{
    private static readonly DateTimeOffset From = new(2023, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static LeadTable Make(SimulatorOptions options)
    {
        var table = new LeadTable();
        var secondsEach = (To - From).TotalSeconds / Math.Max(1, options.Leads);
        for (var slot = 0; slot < options.Leads; slot++)
            table.Add(One(slot, Root(options.Seed, slot), From.AddSeconds((long)(slot * secondsEach))));
        return table;
    }

    public static ulong Root(int seed, int slot) => Hash.Of(Hash.Of((ulong)seed) ^ (ulong)slot);

    private static Lead One(int slot, ulong root, DateTimeOffset created)
    {
        // Half were never changed. The others changed some time before the last lead was created.
        var modified = root % 2 == 0 ? created : created.AddSeconds(root / 2 % (ulong)(1 + (To - created).TotalSeconds));
        var id = LeadIds.Of(slot);
        return new Lead(id, created, modified)
        {
            Root = root,
            ModifiedBy = Users.Of(root >> 20),
            Conversion = Hash.Among(root >> 30, 0.02) ? Converted(id, modified) : null,
        };
    }

    private static Conversion Converted(long id, DateTimeOffset time) =>
        new(time, new($"{id + 1}", "An account"), new($"{id + 2}", "A contact"), null);
}
