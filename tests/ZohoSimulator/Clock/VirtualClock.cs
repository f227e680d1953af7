namespace LeadSync.ZohoSimulator.Clock;

/// <summary>Zoho's clock: the machine's, shifted. Only what has a date follows it; waiting is always real.</summary>
internal sealed class VirtualClock(SimulatorOptions options) : TimeProvider
{
    private long _ahead = options.ClockOffset.Ticks;

    public TimeSpan Ahead => TimeSpan.FromTicks(Volatile.Read(ref _ahead));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    /// <summary>Now, as Zoho stamps records: whole seconds.</summary>
    public DateTimeOffset Second()
    {
        var now = GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
