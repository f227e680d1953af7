namespace LeadSync.Simulation;

/// <summary>SplitMix64: every choice of a schedule is drawn from here, so that its seed is all there is to know about it.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong state = seed;

    public int Below(int bound) => (int)((Next() >> 33) % (uint)bound);

    public bool Percent(int percent) => percent > 0 && Below(100) < percent;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>From 0 to <paramref name="most"/> seconds, in milliseconds.</summary>
    public TimeSpan Seconds(int most) => TimeSpan.FromMilliseconds(Below((most * 1000) + 1));

    private ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
