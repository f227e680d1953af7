namespace LeadSync.ZohoSimulator;

/// <summary>The source of all random choices, from one seed.</summary>
internal sealed class Chance(SimulatorOptions options)
{
    private readonly Random random = new(options.Seed);
    private readonly Lock gate = new();

    public bool Happens(double rate)
    {
        if (rate <= 0)
            return false;

        lock (gate)
            return random.NextDouble() < rate;
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound)
    {
        lock (gate)
            return random.Next(bound);
    }

    public ulong Bits()
    {
        lock (gate)
            return (ulong)random.NextInt64(long.MinValue, long.MaxValue);
    }

    /// <summary>A random time up to <paramref name="limit"/>, evenly distributed.</summary>
    public TimeSpan UpTo(TimeSpan limit)
    {
        if (limit <= TimeSpan.Zero)
            return TimeSpan.Zero;

        lock (gate)
            return limit * random.NextDouble();
    }

    /// <summary>Exponentially distributed: mostly short, sometimes long.</summary>
    public TimeSpan Around(TimeSpan mean)
    {
        if (mean <= TimeSpan.Zero)
            return TimeSpan.Zero;

        lock (gate)
            return mean * -Math.Log(1 - random.NextDouble());
    }
}
