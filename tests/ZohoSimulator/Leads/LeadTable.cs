namespace LeadSync.ZohoSimulator.Leads;

/// <summary>All leads that ever existed, by slot, with ascending ids. Any thread may read; only <see cref="LeadStore"/> writes.</summary>
internal sealed class LeadTable
{
    private const int ChunkBits = 14;
    private const int ChunkSize = 1 << ChunkBits;

    private Lead?[][] _chunks = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public Lead this[int slot]
    {
        get => Volatile.Read(ref _chunks[slot >> ChunkBits][slot & (ChunkSize - 1)])!;
        set => Volatile.Write(ref _chunks[slot >> ChunkBits][slot & (ChunkSize - 1)], value);
    }

    public Lead? Find(long id) => LeadIds.SlotOf(id) is >= 0 and var slot && slot < Count ? this[slot] : null;

    public void Add(Lead lead)
    {
        if (_count >> ChunkBits == _chunks.Length)
            _chunks = [.. _chunks, new Lead?[ChunkSize]];

        _chunks[_count >> ChunkBits][_count & (ChunkSize - 1)] = lead;
        Volatile.Write(ref _count, _count + 1);
    }
}
