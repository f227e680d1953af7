namespace LeadSync.ZohoSimulator.Clock;

/// <summary>Zoho's clock: the machine's clock with an offset. Only dates follow it; waiting times are always real.</summary>
internal sealed class VirtualClock(SimulatorOptions options) : TimeProvider
{
    private long ahead = options.ClockOffset.Ticks;

    public TimeSpan Ahead => TimeSpan.FromTicks(Volatile.Read(ref ahead));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    /// <summary>The present time in whole seconds, as in Zoho's records.</summary>
    public DateTimeOffset Second()
    {
        var now = GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
