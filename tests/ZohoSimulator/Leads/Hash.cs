namespace LeadSync.ZohoSimulator.Leads;

/// <summary>Reproducible pseudo-random numbers (SplitMix64).</summary>
internal static class Hash
{
    public static ulong Of(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    public static T Of<T>(IReadOnlyList<T> choices, ulong hash) => choices[(int)(hash % (uint)choices.Count)];

    /// <summary>True for <paramref name="share"/> of all hashes.</summary>
    public static bool Among(ulong hash, double share) => hash % 100_000 < share * 100_000;
}
