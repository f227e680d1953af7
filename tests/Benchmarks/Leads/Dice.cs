using LeadSync.TestSupport;

namespace LeadSync.Benchmarks.Leads;

/// <summary>Chance from a seed: the same lead on every machine.</summary>
internal struct Dice(ulong seed)
{
    private SplitMix64 random = new(seed);

    public static Dice Of(int seed, int row, int column) => new(((ulong)seed << 48) ^ ((ulong)row << 16) ^ (ulong)column);

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    public bool Among(double share) => Next() < share * ulong.MaxValue;

    public T Of<T>(params T[] choices) => choices[Below(choices.Length)];

    private ulong Next() => random.Next();
}
