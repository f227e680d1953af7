using LeadSync.TestSupport;

namespace LeadSync.Simulation;

/// <summary>The source of every choice of a schedule, so that the seed alone determines the schedule.</summary>
internal sealed class Chance(ulong seed)
{
    private SplitMix64 random = new(seed);

    public int Below(int bound) => (int)((Next() >> 33) % (uint)bound);

    public bool Percent(int percent) => percent > 0 && Below(100) < percent;

    public T Of<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>From 0 to <paramref name="most"/> seconds, in milliseconds.</summary>
    public TimeSpan Seconds(int most) => TimeSpan.FromMilliseconds(Below((most * 1000) + 1));

    private ulong Next() => random.Next();
}
