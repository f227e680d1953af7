namespace LeadSync.Simulation.Services;

/// <summary>A machine's clock, and the timers that are set by it.</summary>
internal sealed class ProcessClock(World world, TimeSpan skew) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => world.Now + skew;

    public override long GetTimestamp() => world.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ProcessTimer(world, this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }
}

internal sealed class ProcessTimer(World world, ProcessClock clock, Action ring) : ITimer
{
    public ProcessClock Clock => clock;

    public DateTimeOffset Due { get; private set; }

    public void Ring() => ring();

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        world.Unset(this);
        Due = world.Now + dueTime;
        if (dueTime != Timeout.InfiniteTimeSpan)
            world.Set(this);
        return true;
    }

    public void Dispose() => world.Unset(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
