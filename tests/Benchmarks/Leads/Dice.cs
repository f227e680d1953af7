namespace LeadSync.Benchmarks.Leads;

/// <summary>Chance from a seed (SplitMix64): the same lead on every machine.</summary>
internal struct Dice(ulong seed)
{
    private ulong state = seed;

    public static Dice Of(int seed, int row, int column) => new(((ulong)seed << 48) ^ ((ulong)row << 16) ^ (ulong)column);

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public bool Among(double share) => Next() < share * ulong.MaxValue;

    public T Of<T>(params T[] choices) => choices[Below(choices.Length)];

    private ulong Next()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
