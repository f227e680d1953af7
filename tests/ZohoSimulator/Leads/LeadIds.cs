namespace LeadSync.ZohoSimulator.Leads;

/// <summary>Record ids: 19 digits, ascending, with digits that a double would lose. Each id determines its place in the table.</summary>
internal static class LeadIds
{
    private const long First = 5725767000000500000;
    private const long Step = 1000;

    public static long Of(int slot) => First + (slot * Step) + (long)(Hash.Of((ulong)slot) % Step);

    public static int SlotOf(long id)
    {
        var slot = (id - First) / Step;
        return slot is >= 0 and < int.MaxValue && Of((int)slot) == id ? (int)slot : -1;
    }
}
