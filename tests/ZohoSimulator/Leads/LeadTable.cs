namespace LeadSync.ZohoSimulator.Leads;

/// <summary>All leads that ever existed, by slot, with ascending ids. Any thread may read; only <see cref="LeadStore"/> writes.</summary>
internal sealed class LeadTable
{
    private const int ChunkBits = 14;
    private const int ChunkSize = 1 << ChunkBits;

    private Lead?[][] chunks = [];
    private int count;

    public int Count => Volatile.Read(ref count);

    public Lead this[int slot]
    {
        get => Volatile.Read(ref chunks[slot >> ChunkBits][slot & (ChunkSize - 1)])!;
        set => Volatile.Write(ref chunks[slot >> ChunkBits][slot & (ChunkSize - 1)], value);
    }

    public Lead? Find(long id) => LeadIds.SlotOf(id) is >= 0 and var slot && slot < Count ? this[slot] : null;

    public void Add(Lead lead)
    {
        if (count >> ChunkBits == chunks.Length)
            chunks = [.. chunks, new Lead?[ChunkSize]];

        chunks[count >> ChunkBits][count & (ChunkSize - 1)] = lead;
        Volatile.Write(ref count, count + 1);
    }
}
